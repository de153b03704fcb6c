import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addNumber, gapsOf, uniteRanges } from './number-ranges.ts';
import type { NumberRanges } from './number-ranges.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 40 });

function held(ranges: NumberRanges): number[] {
  return ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

function rangesOf(added: readonly number[]): NumberRanges {
  return added.reduce<NumberRanges>((ranges, number, index) => addNumber(ranges, number, index), []);
}

test('ranges hold the numbers added in any order, and the gaps all others between the lowest and the highest', () => {
  fc.assert(
    fc.property(numbers, (added) => {
      const ranges = rangesOf(added);
      const sorted = [...new Set(added)].toSorted((one, other) => one - other);
      expect(held(ranges)).toEqual(sorted);
      const missing = held(gapsOf(ranges).map(({ from, to, sinceMs }) => [from, to, sinceMs]));
      expect([...sorted, ...missing].toSorted((one, other) => one - other)).toEqual(
        Array.from(
          { length: (sorted.at(-1) ?? 0) - (sorted[0] ?? 0) + 1 },
          (_, index) => (sorted[0] ?? 0) + index,
        ),
      );
    }),
  );
});

test('sets of several processes together hold what each of them holds', () => {
  fc.assert(
    fc.property(fc.array(numbers, { maxLength: 4 }), (sets) => {
      const united = uniteRanges(sets.map(rangesOf));
      expect(held(united)).toEqual([...new Set(sets.flat())].toSorted((one, other) => one - other));
    }),
  );
});

test('a gap is missing since the first number above it came, also when others join that one', () => {
  const ranges = rangesOf([1, 5, 6, 4, 9]);
  expect(gapsOf(ranges)).toEqual([
    { from: 2, to: 3, sinceMs: 1 },
    { from: 7, to: 8, sinceMs: 4 },
  ]);
});
