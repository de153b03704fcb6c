import { expect, test } from 'vitest';
import { decodeMark, encodeMark, MAX_TARGET_PARTITIONS } from './kafka-mark.ts';

test('a mark can be read back, and fits into 4 KiB whatever the offsets', () => {
  const bounds = new Map(
    Array.from({ length: MAX_TARGET_PARTITIONS }, (_, partition) => [
      partition,
      { first: 0, next: Number.MAX_SAFE_INTEGER - partition },
    ]),
  );
  const mark = encodeMark(bounds);
  expect(mark.length).toBeLessThanOrEqual(4096);
  expect(decodeMark(mark)).toEqual(new Map([...bounds].map(([partition, { next }]) => [partition, next])));
  expect(decodeMark(encodeMark(new Map([[0, { first: 3, next: 3 }]])))).toEqual(new Map([[0, 3]]));
});

test('what is no mark is none', () => {
  for (const text of ['', ',', '1,,2', '-1', '{}', 'zzzzzzzzzzzzzzzz', 'x'.repeat(5000)])
    expect(decodeMark(text)).toBeUndefined();
});
