import { expect, test } from 'vitest';
import type { AttemptRecord } from './attempt-record.ts';
import { createAttemptRings } from './attempt-rings.ts';

function attempt(number: number): AttemptRecord {
  return {
    batch: 'b',
    attempt: number,
    atMs: 0,
    durationMs: 1,
    events: 1,
    outcome: 'delivered',
    test: false,
  };
}
const numbers = (found: readonly AttemptRecord[]): number[] => found.map((record) => record.attempt);

test('the last of each are kept, the newest first', () => {
  const rings = createAttemptRings(3, 100);
  for (let i = 1; i <= 5; i++) rings.add('a', attempt(i));
  rings.add('b', attempt(9));
  expect(numbers(rings.last('a', 10))).toEqual([5, 4, 3]);
  expect(numbers(rings.last('a', 2))).toEqual([5, 4]);
  expect(numbers(rings.last('b', 10))).toEqual([9]);
  expect(rings.last('c', 10)).toEqual([]);
});

test('together they are bounded too: the oldest of all go first', () => {
  const rings = createAttemptRings(3, 4);
  for (let round = 1; round <= 20; round++) {
    for (const id of ['a', 'b', 'c']) rings.add(id, attempt(round));
    const held = ['a', 'b', 'c'].flatMap((id) => numbers(rings.last(id, 10)));
    expect(held.length).toBeLessThanOrEqual(4);
  }
  expect(['a', 'b', 'c'].map((id) => numbers(rings.last(id, 10)))).toEqual([[20], [20], [20, 19]]);
});
