import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VarintReader, varintSize, writeVarint } from './varint.ts';

test('an integer is read back as it was written, in the bytes that were foretold', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (value) => {
      const bytes = Buffer.alloc(8);
      const end = writeVarint(bytes, 1, value);
      expect(end - 1).toBe(varintSize(value));
      const reader = new VarintReader(bytes, 1);
      expect(reader.next()).toBe(value);
      expect(reader.at).toBe(end);
    }),
  );
});

test('the encoding is the zig-zag one of the protocol', () => {
  const encoded = (value: number): number[] => {
    const bytes = Buffer.alloc(5);
    return [...bytes.subarray(0, writeVarint(bytes, 0, value))];
  };
  expect(encoded(0)).toEqual([0]);
  expect(encoded(-1)).toEqual([1]);
  expect(encoded(63)).toEqual([126]);
  expect(encoded(64)).toEqual([128, 1]);
  expect(encoded(-8192)).toEqual([255, 127]);
});

test('a long integer is exact up to 2^53', () => {
  const read = (...bytes: number[]): number => new VarintReader(Buffer.from(bytes), 0).nextLong();
  expect(read(0)).toBe(0);
  expect(read(1)).toBe(-1);
  // 2^40 and -2^40, zig-zag.
  expect(read(0x80, 0x80, 0x80, 0x80, 0x80, 0x40)).toBe(2 ** 40);
  expect(read(0xff, 0xff, 0xff, 0xff, 0xff, 0x3f)).toBe(-(2 ** 40));
});

test('bytes that end too early or go on for too long are errors', () => {
  expect(() => new VarintReader(Buffer.from([0x80]), 0).next()).toThrow(/ends inside/);
  expect(() => new VarintReader(Buffer.from([0x80]), 0).nextLong()).toThrow(/ends inside/);
  expect(() => new VarintReader(Buffer.alloc(20, 0x80), 0).next()).toThrow(/longer than 32 bits/);
  expect(() => new VarintReader(Buffer.alloc(20, 0x80), 0).nextLong()).toThrow(/longer than 64 bits/);
});
