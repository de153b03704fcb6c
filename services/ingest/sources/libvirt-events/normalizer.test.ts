import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';
import { source } from './source.ts';

const record = (text: string, receivedMs = 1_795_219_200_000): RawRecord => ({ text, receivedMs });
const at = '2026-11-20 19:50:00.000+0000: ';
const run = (records: readonly RawRecord[], options: Record<string, string> = {}): Outcome[] => {
  const normalizer = createNormalizer({ sourceName: 's', host: 'h', options });
  return [...records.flatMap((one) => normalizer.push(one)), ...normalizer.flush()];
};
const idOf = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'event' ? outcome.event.id : 'no event';

test('an event read from the output and the same relayed by syslog is one event', () => {
  const text = `${at}event 'reboot' for domain 'a'`;
  const [own] = run([record(text)]);
  const [relayed] = run([record(`Nov 20 19:50:01 h virsh[1]: ${text}`)]);
  expect(idOf(relayed)).toBe(idOf(own));
});

test('an event without a time has the same id whenever it comes in', () => {
  const text = "event 'reboot' for domain 'a'";
  expect(idOf(run([record(text, 5_000)])[0])).toBe(idOf(run([record(text, 9_000)])[0]));
});

test('a body waits for its end, whatever ends it', () => {
  const normalizer = createNormalizer({ sourceName: 's' });
  expect(normalizer.push(record(`${at}event 'tunable' for domain 'a':`))).toEqual([]);
  expect(normalizer.push(record('\tcputune.cpu_shares: 1024'))).toEqual([]);
  expect(normalizer.held).toBe(2);
  const [tunable, reboot] = normalizer.push(record(`${at}event 'reboot' for domain 'a'`));
  expect(tunable?.records).toHaveLength(2);
  expect(reboot).toMatchObject({ rule: 'reboot' });
  expect(normalizer.held).toBe(0);
});

test('a body is bounded', () => {
  const lines = [`${at}event 'tunable' for domain 'a':`, ...Array.from({ length: 300 }, () => '\ta: b')];
  const outcomes = run(lines.map((text) => record(text)));
  expect(outcomes.find(({ kind }) => kind === 'event')?.records).toHaveLength(256);
  expect(outcomes.filter((one) => one.kind === 'ignored' && one.rule === 'body-beyond-bound')).toHaveLength(
    45,
  );
});

test('what is ignored is an event where its rule is kept', () => {
  const tray = record(`${at}event 'tray-change' for domain 'a' disk ide0-0-0: opened`);
  expect(run([tray])).toMatchObject([{ kind: 'ignored', rule: 'tray-change' }]);
  expect(run([tray], { keep: 'tray-change' })).toMatchObject([
    { kind: 'event', rule: 'tray-change', event: { eventType: 'monitor' } },
  ]);
});

test('events are recognized with and without time and header, lines of the other logs are not', () => {
  const clock = createLocalClock();
  const recognized = (text: string): boolean =>
    source.recognize(readHeader(record(text), clock), record(text)) !== undefined;
  expect(recognized(`${at}event 'lifecycle' for network default: Stopped`)).toBe(true);
  expect(recognized("event 'reboot' for domain 'a'")).toBe(true);
  expect(recognized("Nov 20 19:50:01 h virsh[1]: event 'reboot' for domain 'a'")).toBe(true);
  expect(recognized("virsh # event 'reboot' for domain 'a'")).toBe(true);
  expect(source.continues?.(record('events received: 1'))).toBe(true);
  expect(source.continues?.(record('something else'))).toBe(false);
  expect(recognized(`${at}shutting down, reason=failed`)).toBe(false);
  expect(recognized(`${at}7: error : virFoo:1 : event`)).toBe(false);
});

test('no text makes it throw, and each ends in exactly one outcome', () => {
  const parts = fc.constantFrom(
    at,
    "event 'lifecycle'",
    "event 'tunable'",
    ' for domain ',
    "'a'",
    ': ',
    'Started Booted',
    '\ta: b',
    'Nov 20 19:50:01 h virsh: ',
  );
  const texts = fc.array(
    fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 7 }).map((list) => list.join('')),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(texts, (lines) => {
      const records = lines.map((text) => record(text));
      const used = run(records).flatMap((outcome) => outcome.records);
      expect(used).toHaveLength(records.length);
      expect(new Set(used).size).toBe(records.length);
    }),
  );
});
