import { placeOf } from '@cadf-pipeline/cadf-model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineIndex } from './line-index.ts';

test('gives the same places as counting from the start', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', '\n', '\r\n', '😀'), { maxLength: 30 }),
      fc.nat(),
      (parts, at) => {
        const text = parts.join('');
        const offset = at % (text.length + 1);
        expect(createLineIndex(text)(offset)).toEqual(placeOf(text, offset));
      },
    ),
  );
});

test('counts from where the text begins in its input', () => {
  const place = createLineIndex('ab\ncd', { line: 7, column: 3 });
  expect(place(1)).toEqual({ line: 7, column: 4 });
  expect(place(4)).toEqual({ line: 8, column: 2 });
});
