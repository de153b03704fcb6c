import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Normalizer, Outcome, RawRecord } from '../../src/source.ts';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createNormalizer } from './normalizer.ts';
import { source } from './source.ts';

const record = (text: string, rest: Partial<RawRecord> = {}): RawRecord => ({
  text,
  receivedMs: 1_795_219_200_000,
  ...rest,
});

function line(
  type: string,
  seconds: number,
  payload: string,
  enriched = '\u001DUID="root" AUID="unset"',
): string {
  const stamp = `${(1_795_200_000 + seconds).toFixed(3)}:${100 + Math.round(seconds * 1000)}`;
  return `type=${type} msg=audit(${stamp}): pid=1 uid=0 auid=4294967295 ses=4294967295 subj=libvirtd msg='${payload} exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success'${enriched}`;
}
const disk = (vm: string, seconds: number, file = 'a'): string =>
  line(
    'VIRT_RESOURCE',
    seconds,
    `virt=kvm resrc=disk reason=start vm="${vm}" uuid=${vm} old-disk="?" new-disk="/${file}"`,
  );
const control = (vm: string, seconds: number, what = 'op=start reason=booted'): string =>
  line('VIRT_CONTROL', seconds, `virt=kvm ${what} vm="${vm}" uuid=${vm} vm-pid=7`);

function feed(normalizer: Normalizer, lines: readonly string[]): Outcome[] {
  return lines.flatMap((text) => normalizer.push(record(text)));
}

test('the first process of a container makes a later version of its start, for five minutes of the log', () => {
  const lxc = (seconds: number, what: string, pid = 7): string =>
    line('VIRT_CONTROL', seconds, `virt=lxc ${what} vm="c" uuid=c vm-pid=${pid}`);
  const normalizer = createNormalizer({ sourceName: 's' });
  const [begun] = feed(normalizer, [lxc(1, 'op=start reason=booted')]);
  expect(normalizer.held).toBe(1);
  const [completed] = feed(normalizer, [lxc(2, 'op=init')]);
  expect(normalizer.held).toBe(0);
  if (begun?.kind !== 'event' || completed?.kind !== 'event') throw new Error('both are events');
  expect(completed.event).toMatchObject({ id: begun.event.id, action: 'start', tags: begun.event.tags });
  expect(completed.records.map(({ text }) => text)).toEqual([lxc(2, 'op=init')]);
  const withoutStart = (lines: readonly string[]): number => {
    feed(normalizer, lines);
    return normalizer.flush().length;
  };
  expect(withoutStart([lxc(1, 'op=start reason=booted'), lxc(400, 'op=init')])).toBe(1);
  expect(withoutStart([lxc(1, 'op=start reason=booted'), lxc(2, 'op=init', 8)])).toBe(1);
  expect(
    withoutStart([lxc(1, 'op=start reason=booted'), lxc(2, 'op=stop reason=shutdown'), lxc(3, 'op=init')]),
  ).toBe(1);
});
const rules = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((outcome) => (outcome.kind === 'dead-letter' ? outcome.code : outcome.rule));

test('starts that overlap take each its own records', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  const outcomes = feed(normalizer, [
    disk('a', 1),
    disk('b', 2),
    disk('a', 3, 'c'),
    control('b', 4),
    control('a', 5),
  ]);
  expect(outcomes.map(({ records }) => records.length)).toEqual([2, 3]);
  expect(normalizer.held).toBe(0);
});

test('the same machine on two hosts is two machines', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  const outcomes = feed(normalizer, [
    `node=h1 ${disk('a', 1)}`,
    `node=h2 ${control('a', 2)}`,
    `node=h1 ${control('a', 3)}`,
  ]);
  expect(outcomes.map(({ records }) => records.length)).toEqual([1, 2]);
});

test('records whose start does not come within 15 minutes of the log become one event that claims nothing', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  expect(feed(normalizer, [disk('a', 1), disk('a', 2), control('b', 901)])).toHaveLength(1);
  expect(normalizer.held).toBe(2);
  const [late] = feed(normalizer, [control('c', 901.002)]);
  expect(late).toMatchObject({
    kind: 'event',
    rule: 'start-records-without-start',
    event: {
      action: 'unknown',
      outcome: 'unknown',
      tags: ['//libvirt-audit/incomplete?value=no-start-record'],
    },
  });
  expect(late?.records).toHaveLength(2);
  expect(normalizer.held).toBe(0);
});

test('a machine that stops ends the wait', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  expect(rules(feed(normalizer, [disk('a', 1), control('a', 2, 'op=stop reason=destroyed')]))).toEqual([
    'start-records-without-start',
    'control-stop-destroyed',
  ]);
});

test('what waits is bounded per machine and in all, and leaves whole', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  const many = Array.from({ length: 257 }, (_, index) => disk('a', index / 1000));
  expect(feed(normalizer, many).map(({ records }) => records.length)).toEqual([256]);
  expect(normalizer.held).toBe(1);
  const machines = Array.from({ length: 1024 }, (_, index) => disk(`m${index}`, 1 + index / 1000));
  expect(feed(normalizer, machines).map(({ records }) => records.length)).toEqual([1]);
  expect(normalizer.held).toBe(1024);
  expect(normalizer.flush()).toHaveLength(1024);
  expect(normalizer.held).toBe(0);
});

test('an event of many long records stays far below what the stream takes as one record', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  const long = Array.from({ length: 60 }, (_, index) => disk('a', index / 1000, 'x'.repeat(15_000)));
  const outcomes = [...feed(normalizer, long), ...normalizer.flush()];
  expect(outcomes.flatMap(({ records }) => records)).toHaveLength(60);
  for (const outcome of outcomes) {
    if (outcome.kind === 'event') expect(JSON.stringify(outcome.event).length).toBeLessThan(1_000_000);
  }
});

test('the raw, the enriched and the relayed form of a record are one event', () => {
  const payload = 'virt=kvm op=start reason=booted vm="a" uuid=a vm-pid=7';
  const raw = line('VIRT_CONTROL', 1, payload, '');
  const forms = [
    raw,
    line('VIRT_CONTROL', 1, payload),
    line('VIRT_CONTROL', 1, payload, '#035UID="root" AUID="unset"'),
    raw.replace('type=VIRT_CONTROL msg=', 'type=2500 '),
    `Nov 20 18:40:01 h audispd: ${raw}`,
    JSON.stringify({
      _TRANSPORT: 'audit',
      _HOSTNAME: 'h',
      _AUDIT_TYPE_NAME: 'VIRT_CONTROL',
      _AUDIT_ID: '1100',
      _SOURCE_REALTIME_TIMESTAMP: '1795200001000000',
      MESSAGE: raw.replace(/^type=(\w+) msg=[^ ]+/, '$1'),
    }),
  ];
  const ids = forms.map((text) => {
    const [outcome] = createNormalizer({ sourceName: 's', host: 'h' }).push(record(text));
    return outcome?.kind === 'event' ? outcome.event.id : outcome?.kind;
  });
  expect(new Set(ids).size).toBe(1);
});

test('a reason that is a word of the language is a reason nobody knows', () => {
  const words = ['op=start reason=constructor', 'op=stop reason=toString'];
  const outcomes = feed(
    createNormalizer({ sourceName: 's' }),
    words.map((what, index) => control('a', index, what)),
  );
  expect(outcomes.map((outcome) => (outcome.kind === 'event' ? outcome.event.action : outcome.kind))).toEqual(
    ['unknown', 'unknown'],
  );
});

test('a device rule is an event where its rule is kept', () => {
  const rule = line(
    'VIRT_RESOURCE',
    1,
    'virt=kvm resrc=cgroup reason=deny vm="a" uuid=a cgroup="/x" class=all',
  );
  expect(rules(feed(createNormalizer({ sourceName: 's' }), [rule]))).toEqual(['cgroup-device-rule']);
  const keeping = createNormalizer({ sourceName: 's', options: { keep: 'cgroup-device-rule' } });
  expect(feed(keeping, [rule])).toMatchObject([
    { kind: 'event', rule: 'cgroup-device-rule', event: { action: 'deny', eventType: 'control' } },
  ]);
});

test('a record that is not UTF-8 keeps its bytes', () => {
  const bytes = Buffer.from(control('a', 1).replace('vm="a"', 'vm="a\u00FF"'), 'latin1');
  const [outcome] = createNormalizer({ sourceName: 's' }).push(record(bytes.toString('utf8'), { bytes }));
  expect(outcome).toMatchObject({ kind: 'event' });
  const attachments = outcome?.kind === 'event' ? outcome.event.attachments : undefined;
  expect(attachments?.[0]).toMatchObject({
    contentType: 'https://www.iana.org/assignments/media-types/application/octet-stream',
    content: bytes.toString('base64'),
  });
});

test('an apostrophe in a name neither ends the record early nor hides that it is cut off', () => {
  const whole = control("it's", 1);
  expect(createNormalizer({ sourceName: 's' }).push(record(whole))).toMatchObject([
    { kind: 'event', event: { target: { name: "it's" } } },
  ]);
  const cut = whole.slice(0, whole.indexOf('uuid='));
  expect(rules(createNormalizer({ sourceName: 's' }).push(record(cut)))).toEqual(['LIBVIRT_TRUNCATED']);
});

test('no text makes it throw, and each ends in exactly one outcome', () => {
  const parts = fc.constantFrom(
    'type=',
    'VIRT_CONTROL',
    '2501',
    ' msg=audit(',
    '1.000:1',
    '): ',
    "msg='",
    'op=start ',
    'vm="a" ',
    'uuid=1 ',
    'resrc=net ',
    'reason=open ',
    "'",
    '"',
    '\u001D',
    'audit[1]: ',
    'Jan  1 00:00:00 ',
    'node=x ',
  );
  const texts = fc.array(
    fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 14 }).map((list) => list.join('')),
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
    }),
    { numRuns: 300 },
  );
});

test.each([
  [line('VIRT_CONTROL', 1, 'op=stop'), 1],
  ['Nov 20 10:00:00 h audit[1]: VIRT_CONTROL pid=1', 1],
  ['Nov 20 10:00:00 h audit[1]: <audit-2500> pid=1', 1],
  ['Sat 2026-11-21 10:00:00 UTC h audit[1]: VIRT_RESOURCE pid=1', 1],
  ['Nov 20 10:00:00 h audit[1]: SERVICE_START pid=1 uid=0', 0.4],
  ['Nov 20 10:00:00 h kernel: audit: type=1400 audit(1.000:2): apparmor="STATUS"', 0.4],
  ['Nov 20 10:00:00 h kernel: [   12.345678] audit: type=2500 audit(1.000:2): pid=1', 1],
  ['Nov 20 10:00:00 h kernel: device vnet0 entered promiscuous mode', undefined],
])('%s is recognized with certainty %s', (text, certainty) => {
  const header = readHeader(record(text), createLocalClock());
  expect(source.recognize(header, record(text))?.certainty).toBe(certainty);
});
