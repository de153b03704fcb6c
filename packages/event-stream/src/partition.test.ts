import { murmur2 as theirs } from '@platformatic/kafka';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { murmur2, partitionOf } from './partition.ts';

test("murmur2 gives the values of Apache Kafka's own tests (UtilsTest.testMurmur2)", () => {
  expect(murmur2('21')).toBe(-973932308);
  expect(murmur2('foobar')).toBe(-790332482);
  expect(murmur2('a-little-bit-long-string')).toBe(-985981536);
  expect(murmur2('a-little-bit-longer-string')).toBe(-1486304829);
  expect(murmur2('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8')).toBe(-58897971);
  expect(murmur2('abc')).toBe(479470107);
});

test('murmur2 of any text is that of its UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (key) => {
      expect(murmur2(key)).toBe(theirs(Buffer.from(key, 'utf8')) | 0);
    }),
  );
});

test('a partition is within the count, and the same for the same key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 4096 }), (key, partitions) => {
      const partition = partitionOf(key, partitions);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(partitions);
      expect(partitionOf(key, partitions)).toBe(partition);
    }),
  );
});
