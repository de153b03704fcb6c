import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restoreUuidHyphens, stripUuidHyphens } from './index.ts';

const ID = '5f0c1f5e-6ad9-4c57-9c35-5b1f6f9bd1aa';
const SHORT = '5f0c1f5e6ad94c579c355b1f6f9bd1aa';

test('UUIDs lose their hyphens wherever they stand, and nothing else does', () => {
  expect(stripUuidHyphens(`req-${ID}, ${ID}`, '\u001d')).toBe(`req-\u001d${SHORT}, \u001d${SHORT}`);
  expect(stripUuidHyphens(`a-${ID}-${ID}`, '#!')).toBe(`a-#!${SHORT}-#!${SHORT}`);
  for (const text of ['', '-', ID.slice(1), ID.slice(0, -1), '2026-11-21T07:47:35-01:00', SHORT]) {
    expect(stripUuidHyphens(text, '\u001d')).toBe(text);
  }
});

test('hyphens come back in place, also where one would-be UUID overlaps another', () => {
  const part = fc.oneof(fc.uuid(), fc.constantFrom('-', 'a', '12345678', '-1234', '\u001f', '\u0001', 'é'));
  const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.constantFrom('\u001d', '\u001e\u001b'), (original, mark) => {
      expect(restoreUuidHyphens(stripUuidHyphens(original, mark), mark)).toBe(original);
    }),
    { numRuns: 2000 },
  );
  const overlapping = `${ID}-1234-1234-1234-123456789012`;
  expect(restoreUuidHyphens(stripUuidHyphens(overlapping, '\u001d'), '\u001d')).toBe(overlapping);
});
