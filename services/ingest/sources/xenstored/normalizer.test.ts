import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';
import { source } from './source.ts';

const line = (second: number, connection: string, rest: string): string =>
  `[20261120T19:00:${String(second).padStart(2, '0')}.000Z]  ${connection.padEnd(12)} ${rest}`;

function outcomesOf(lines: readonly string[]): Outcome[] {
  const normalizer = createNormalizer({ sourceName: 's' });
  const outcomes = lines.flatMap((text) => normalizer.push({ text, receivedMs: 0 }));
  return [...outcomes, ...normalizer.flush()];
}
const rules = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((outcome) =>
    outcome.kind === 'event' ? `${outcome.rule} ${outcome.event.outcome}` : outcome.kind,
  );

test('what is written in a transaction counts when it is committed, and not when it is not', () => {
  const write = line(1, 'A1.1', 'write     /local/domain/3/control/shutdown poweroff');
  expect(rules(outcomesOf([write, line(1, 'A1.1', 'commit')]))).toEqual([
    'control-poweroff pending',
    'ignored',
  ]);
  expect(rules(outcomesOf([write, line(1, 'A1.1', 'conflict')]))).toEqual(['ignored', 'ignored']);
  expect(rules(outcomesOf([write]))).toEqual(['control-poweroff unknown']);
});

test('clearing the place of a new device is no detaching', () => {
  const device = '/local/domain/0/backend/vbd/3/51712';
  expect(
    rules(
      outcomesOf([
        line(1, 'A1.1', `rm        ${device} `),
        line(1, 'A1.1', `mkdir     ${device} `),
        line(1, 'A1.1', 'commit'),
      ]),
    ),
  ).toEqual(['device-added success', 'ignored']);
  expect(rules(outcomesOf([line(1, 'A1.1', `rm        ${device} `), line(1, 'A1.1', 'commit')]))).toEqual([
    'device-removed success',
    'ignored',
  ]);
});

test('a watch that fires when it is set tells nothing, a start told by several watches is one', () => {
  expect(
    rules(
      outcomesOf([
        line(1, 'A5', 'watch     @introduceDomain t '),
        line(1, 'A5', 'w event   @introduceDomain t '),
        line(9, 'A5', 'w event   @introduceDomain t '),
        line(9, 'A6', 'w event   @introduceDomain t '),
      ]),
    ),
  ).toEqual(['ignored', 'ignored', 'domain-announced success', 'ignored']);
});

test('any lines end in exactly one outcome each', () => {
  const piece = fc.constantFrom(
    line(1, 'A1.1', 'rm        /local/domain/0/backend/vbd/3/1 '),
    line(1, 'A1.1', 'mkdir     /local/domain/0/backend/vbd/3/1 '),
    line(2, 'A1.1', 'write     /local/domain/3/control/shutdown halt'),
    line(3, 'A1.1', 'commit'),
    line(4, 'A1.1', 'conflict'),
    line(5, 'D3', 'newconn'),
    line(5, 'A5', 'w event   @introduceDomain t '),
    'io: IN 0x5f (d0) 20261120 21:00:01 TRANSACTION_START ( )',
    'io: IN 0x5f (d0) 20261120 21:00:02 RM (/local/domain/0/backend/vbd/3/1 )',
    'io: IN 0x5f (d0) 20261120 21:00:03 TRANSACTION_END (F )',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 4, arbitrary: piece }, fc.string()), { maxLength: 30 }),
      (lines) => {
        expect(outcomesOf(lines).flatMap(({ records }) => records)).toHaveLength(lines.length);
      },
    ),
  );
});

test('what the daemon says of itself is known without a header', () => {
  const record = { text: 'Xen Storage Daemon, version 1.0', receivedMs: 0 };
  expect(source.recognize({ form: 'none', message: record.text }, record)?.rule).toBe('daemon-banner');
});
