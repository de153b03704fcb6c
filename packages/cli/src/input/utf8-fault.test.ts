import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8FaultAt } from './utf8-fault.ts';

test('everything before the fault is UTF-8, and the fault makes it none', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const bytes = Buffer.concat(parts);
      const at = utf8FaultAt(bytes);
      expect(at === -1).toBe(isUtf8(bytes));
      if (at === -1) return;
      expect(isUtf8(bytes.subarray(0, at))).toBe(true);
      // Neither one byte nor any well-formed sequence begins at the fault.
      for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
        expect(isUtf8(bytes.subarray(at, at + length))).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['a Latin-1 letter', [0x61, 0xe9, 0x20], 1],
  ['an overlong slash', [0xc0, 0xaf], 0],
  ['a surrogate', [0xed, 0xa0, 0x80], 0],
  ['past U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
  ['a sequence cut off at the end', [0x61, 0xe2, 0x82], 1],
])('%s is found', (_name, bytes, at) => {
  expect(utf8FaultAt(Buffer.from(bytes))).toBe(at);
});
