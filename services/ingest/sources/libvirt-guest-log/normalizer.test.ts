import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';
import { source } from './source.ts';

const record = (text: string): RawRecord => ({ text, receivedMs: 1_795_219_200_000 });
const run = (lines: readonly string[], more: Partial<NormalizerContext> = {}): Outcome[] => {
  const normalizer = createNormalizer({ sourceName: 's', host: 'h', ...more });
  return [...lines.flatMap((text) => normalizer.push(record(text))), ...normalizer.flush()];
};
const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')} 18:51:46.000+0000: `;
const start = (day: number, name = 'a'): string[] => [
  `${at(day)}starting up libvirt version: 9.0.0, hostname: hv1`,
  '/usr/bin/qemu-system-x86_64 \\',
  `-name guest=${name},debug-threads=on \\`,
  `-uuid 3b0a8c9e-5d1f-4f63-9f2a-00000000000${name.length}`,
];
const stop = (day: number, reason = 'destroyed'): string => `${at(day)}shutting down, reason=${reason}`;
const events = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((outcome) => (outcome.kind === 'event' ? [outcome.event] : []));

test('a start that fails is the final version of the pending one', () => {
  const [pending, failed] = events(run([...start(1), stop(1, 'failed')]));
  expect(failed?.id).toBe(pending?.id);
  expect([pending?.outcome, failed?.outcome]).toEqual(['pending', 'failure']);
  expect(failed?.attachments?.[1]?.content).toContain('-name guest=a');
});

test('a stop is of the machine that was started, for a week of the log', () => {
  const soon = events(run([...start(1), stop(8)])).at(-1);
  expect(soon?.target).toMatchObject({ id: '3b0a8c9e-5d1f-4f63-9f2a-000000000001', name: 'a' });
  const late = events(run([...start(1), stop(9)], { file: 'a.log' })).at(-1);
  expect(late?.target).toMatchObject({ id: 'h/machine/a', name: 'a' });
});

test('a stop of one of two machines is given to neither, unless the file tells', () => {
  const lines = [...start(1, 'a'), ...start(2, 'bb'), stop(3)];
  expect(events(run(lines)).at(-1)?.target?.id).toBe('unknown');
  expect(events(run(lines, { file: 'bb.log' })).at(-1)?.target).toMatchObject({ name: 'bb' });
});

test('a file that is of many is no name of a machine', () => {
  expect(events(run([stop(1)], { file: 'syslog' })).at(0)?.target?.id).toBe('unknown');
  expect(events(run([stop(1)], { file: 'libvirtd.log' })).at(0)?.target?.id).toBe('unknown');
});

test('the host a start tells is the host until its machine stops', () => {
  const outcomes = run([...start(1), stop(2), stop(3)], { host: undefined as never });
  expect(events(outcomes).map(({ observer }) => observer?.id)).toEqual([
    'hv1/libvirtd',
    'hv1/libvirtd',
    's/libvirtd',
  ]);
});

test('a command line without end is bounded and told to be cut', () => {
  const lines = [start(1)[0]!, ...Array.from({ length: 3000 }, () => '-device x \\'), '-S', 'output'];
  const outcomes = run(lines);
  expect(outcomes[0]).toMatchObject({
    kind: 'event',
    event: { tags: [expect.any(String), '//libvirt-guest-log/incomplete?value=command-line'] },
  });
  expect(outcomes[0]?.records).toHaveLength(2048);
  expect(outcomes.at(-2)).toMatchObject({ rule: 'command-line-beyond-bound' });
  expect(outcomes.at(-1)).toMatchObject({ rule: 'guest-output' });
});

test('what QEMU prints behind a start is not its command line', () => {
  const outcomes = run([
    start(1)[0]!,
    '2026-11-20T18:51:46.335360Z qemu-system-x86_64: warning: x',
    'SeaBIOS',
  ]);
  expect(outcomes.map((one) => (one.kind === 'dead-letter' ? one.code : one.rule))).toEqual([
    'start',
    'qemu-message',
    'guest-output',
  ]);
});

test('statements are recognized, lines of the other logs and output are not', () => {
  const clock = createLocalClock();
  const recognized = (text: string): boolean =>
    source.recognize(readHeader(record(text), clock), record(text)) !== undefined;
  expect([start(1)[0]!, stop(1), `${at(1)}Domain id=8 is tainted: high-privileges`].every(recognized)).toBe(
    true,
  );
  expect(
    [
      `${at(1)}7: error : virFoo:1 : x`,
      `${at(1)}event 'reboot' for domain 'a'`,
      '2026-11-20T18:51:46.335360Z qemu-system-x86_64: x',
      'shutting down',
    ].some(recognized),
  ).toBe(false);
  expect(source.continues?.(record('-uuid x \\'))).toBe(true);
  expect(recognized(`${at(1)}IO error device='a' node-name='b' reason='enospc'`)).toBe(true);
  expect(recognized(`${at(1)}panic s390: core='0' psw-mask='0x0'`)).toBe(true);
  for (const text of [
    '2026-11-20T18:51:46.335360Z qemu-kvm: x',
    'main_channel_link: add',
    `${at(1)}new words`,
  ])
    expect(source.continues?.(record(text))).toBe(true);
  for (const text of [
    '<13>x',
    '{"a":1}',
    'Nov 20 10:00:00 h p: x',
    '2026-11-20 10:00:00 x',
    'type=SYSCALL x',
  ])
    expect(source.continues?.(record(text))).toBe(false);
});

test('no text makes it throw, and each ends in exactly one outcome', () => {
  const parts = fc.constantFrom(
    at(1),
    at(9),
    'starting up',
    'shutting down, reason=',
    'failed',
    'initiating migration',
    'Domain id=1 is tainted: x',
    '-name guest=a',
    '-uuid u',
    ' \\',
    '2026-11-20T18:51:46.335360Z qemu: ',
    '<30>Nov 20 18:00:00 h x: ',
  );
  const texts = fc.array(
    fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 5 }).map((list) => list.join('')),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(texts, (lines) => {
      const records = lines.map((text) => record(text));
      const normalizer = createNormalizer({ sourceName: 's' });
      const outcomes = [...records.flatMap((one) => normalizer.push(one)), ...normalizer.flush()];
      const used = outcomes.flatMap((outcome) => outcome.records);
      expect(used).toHaveLength(records.length);
      expect(new Set(used).size).toBe(records.length);
      expect(normalizer.held).toBe(0);
    }),
  );
});
