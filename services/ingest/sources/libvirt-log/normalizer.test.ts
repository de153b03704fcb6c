import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer as createAudit } from '../libvirt-audit/normalizer.ts';
import { createNormalizer } from './normalizer.ts';
import { source } from './source.ts';

const record = (text: string): RawRecord => ({ text, receivedMs: 1_795_219_200_000 });
const run = (lines: readonly string[], make = createNormalizer): Outcome[] => {
  const normalizer = make({ sourceName: 's', host: 'h' });
  return [...lines.flatMap((text) => normalizer.push(record(text))), ...normalizer.flush()];
};
const head = (seconds: number, level = 'error'): string =>
  `2026-11-20 19:40:${String(seconds).padStart(2, '0')}.000+0000: 7: ${level} : virFoo:1 : `;

test('lines without a head go on with the message before them, also behind another form of time', () => {
  const outcomes = run([
    `${head(1)}operation failed: first line`,
    '2026-11-20T19:40:01.373138Z qemu-system-x86_64: warning: second line',
    'third line',
    `${head(2)}nothing of interest`,
  ]);
  expect(outcomes.map(({ records }) => records.length)).toEqual([3, 1]);
  expect(outcomes[0]).toMatchObject({ kind: 'event', rule: 'operation-failed' });
});

test('the level may be followed by blanks', () => {
  for (const level of ['error', 'error ', 'error  '])
    expect(run([`${head(1, level)}operation failed: x`])).toMatchObject([{ rule: 'operation-failed' }]);
});

test('lines of a file that a shipper sent with their host go on as those of the file', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  const lines = [`${head(1)}operation failed: x`, 'second line', `${head(2)}y`];
  const outcomes = lines.flatMap((text) => normalizer.push({ ...record(text), envelope: { host: 'hv5' } }));
  expect(outcomes).toMatchObject([{ kind: 'event', event: { observer: { id: 'hv5/libvirtd' } } }]);
  expect(outcomes[0]?.records).toHaveLength(2);
});

test('a message without end is bounded, and what is beyond is told from what belongs to nothing', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  const lines = [
    `${head(1)}operation failed: x`,
    ...Array.from({ length: 300 }, (_, index) => `line ${index}`),
  ];
  const outcomes = lines.flatMap((text) => normalizer.push(record(text)));
  expect(outcomes[0]).toMatchObject({ kind: 'event' });
  expect(outcomes[0]?.records).toHaveLength(256);
  expect(new Set(outcomes.slice(1).map((one) => (one.kind === 'ignored' ? one.rule : one.kind)))).toEqual(
    new Set(['message-beyond-bound']),
  );
  expect(normalizer.held).toBe(1);
  normalizer.flush();
  expect(normalizer.held).toBe(0);
});

test('an audit payload means what the audit record means', () => {
  const payload = 'virt=kvm op=stop reason=failed vm="a b" uuid=u vm-pid=0';
  const [own] = run([`${head(1, 'info')}success=yes ${payload}`]);
  const [audited] = run(
    [
      `type=VIRT_CONTROL msg=audit(1.000:1): pid=1 auid=4294967295 msg='${payload} exe="/usr/sbin/libvirtd" res=success'`,
    ],
    createAudit,
  );
  if (own?.kind !== 'event' || audited?.kind !== 'event') throw new Error('both are events');
  expect(own.rule).toBe(audited.rule);
  for (const member of ['action', 'outcome', 'target', 'reason', 'name'] as const)
    expect(own.event[member]).toEqual(audited.event[member]);
});

test('no secret stays in an event', () => {
  const [outcome] = run([`${head(1)}operation failed: mount with password=hunter2`]);
  expect(outcome).toMatchObject({ event: { tags: ['//libvirt-log/redacted?value=record'] } });
  expect(JSON.stringify(outcome?.kind === 'event' && outcome.event)).not.toContain('hunter2');
});

test('what is ignored becomes a notice where its rule is kept', () => {
  const normalizer = createNormalizer({ sourceName: 's', options: { keep: 'error-message' } });
  normalizer.push(record(`${head(1)}Unable to find 'dnsmasq' binary in $PATH`));
  expect(normalizer.flush()).toMatchObject([
    { kind: 'event', rule: 'error-message', event: { action: 'notify', eventType: 'control' } },
  ]);
});

test('lines of the daemons are recognized in file and syslog, those of guests, events and other programs are not', () => {
  const clock = createLocalClock();
  const certainty = (text: string): number | undefined =>
    source.recognize(readHeader(record(text), clock), record(text))?.certainty;
  expect(certainty(`${head(1)}x`)).toBe(1);
  expect(certainty('Nov 20 10:00:00 h virtqemud[1]: success=no virt=kvm op=start')).toBe(1);
  expect(certainty('Nov 20 10:00:00 h libvirtd[1]: hostname: h')).toBe(0.9);
  expect(certainty('2026-11-20 18:51:46.288+0000: shutting down, reason=failed')).toBeUndefined();
  expect(certainty("2026-11-20 18:51:46.288+0000: event 'reboot' for domain 'a'")).toBeUndefined();
  expect(certainty('Nov 20 10:00:00 h sshd[1]: error: x')).toBeUndefined();
});

test('no text makes it throw, and each ends in exactly one outcome', () => {
  const parts = fc.constantFrom(
    head(1),
    head(2, 'info'),
    'success=yes ',
    'virt=kvm op=start vm="a" uuid=u ',
    'resrc=net reason=open ',
    '"',
    'Domain id=1 name=',
    'Nov 20 10:00:00 h libvirtd[1]: ',
    '2026-13-20 19:40:01.000+0000: ',
    '\u001D',
  );
  const texts = fc.array(
    fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 6 }).map((list) => list.join('')),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(texts, (lines) => {
      const normalizer = createNormalizer({ sourceName: 's' });
      const records = lines.map((text) => record(text));
      const outcomes = [...records.flatMap((one) => normalizer.push(one)), ...normalizer.flush()];
      const used = outcomes.flatMap((outcome) => outcome.records);
      expect(used).toHaveLength(records.length);
      expect(new Set(used).size).toBe(records.length);
      expect(normalizer.held).toBe(0);
    }),
  );
});
