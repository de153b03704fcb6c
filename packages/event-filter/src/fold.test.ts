import fc from 'fast-check';
import { expect, test } from 'vitest';
import { charactersFoldedTo, foldCase } from './fold.ts';

test('letters of two cases become small, all sigmas one', () => {
  expect(foldCase('Größe ÜBER ΣΑΣ 😀')).toBe('größe über σασ 😀');
});

test('no letter beyond ASCII becomes ASCII', () => {
  expect(foldCase('\u212A\u0130K')).toBe('\u212A\u0130k');
});

test('what folds to a character is told by it, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const folded = Array.from(foldCase(text));
      const characters = Array.from(text);
      expect(folded.length).toBe(characters.length);
      for (const [index, char] of characters.entries())
        expect(charactersFoldedTo(folded[index] ?? '')).toContain(char);
    }),
  );
});
