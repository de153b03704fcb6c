import { expect, test } from 'vitest';
import type { Outcome, RawRecord } from '../source.ts';
import { createRestartPlace } from './restart-place.ts';

interface Step {
  readonly held: number;
  /** Numbers of the records whose outcome comes now. */
  readonly done: readonly number[];
}

/** Where a reader may start again after these steps: the number of the record it reads first. */
function placeAfter(...steps: readonly Step[]): number | undefined {
  const normalizer = { held: 0 };
  const restart = createRestartPlace<number>(normalizer);
  const records: RawRecord[] = [];
  for (const [index, { held, done }] of steps.entries()) {
    const record: RawRecord = { text: String(index), receivedMs: 1 };
    records.push(record);
    normalizer.held = held;
    const outcomes = done.map((number): Outcome => ({
      kind: 'ignored',
      rule: 'x',
      records: [records[number]!],
    }));
    restart.pushed(
      record,
      outcomes,
      () => index,
      () => index + 1,
    );
  }
  return restart.take();
}

test('behind the last record after which nothing was held', () => {
  expect(placeAfter({ held: 0, done: [0] }, { held: 0, done: [1] })).toBe(2);
  expect(placeAfter({ held: 0, done: [0] }, { held: 2, done: [1] })).toBe(1);
});

test('before the lines of a record that is still open, when nothing else is held', () => {
  expect(placeAfter({ held: 1, done: [] }, { held: 1, done: [0] }, { held: 2, done: [] })).toBe(1);
});

test('nowhere while something else is held, or other records came between the open ones', () => {
  expect(placeAfter({ held: 1, done: [0] }, { held: 2, done: [] })).toBeUndefined();
  expect(placeAfter({ held: 1, done: [] }, { held: 1, done: [1] })).toBeUndefined();
});
