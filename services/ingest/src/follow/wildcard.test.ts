import { matchesGlob } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWildcard, WildcardError } from './wildcard.ts';

test.each([
  ['*.log', 'web1.log', true],
  ['*.log', 'web1.log.1', false],
  ['*.log', '.hidden.log', false],
  ['.*', '.hidden', true],
  ['xl-?.log', 'xl-1.log', true],
  ['xl-?.log', 'xl-10.log', false],
  ['vm[0-3a].log', 'vm2.log', true],
  ['vm[0-3a].log', 'vma.log', true],
  ['vm[!0-3].log', 'vm2.log', false],
  ['vm[]x].log', 'vm].log', true],
  ['a[*]b', 'a*b', true],
  ['*', '', true],
  ['?', '𝄞', true],
])('%s, %s: %s', (pattern, name, isMatch) => {
  expect(createWildcard(pattern)(name)).toBe(isMatch);
});

test('a bracket that is not closed, and a pattern longer than a name, are told', () => {
  expect(() => createWildcard('a[b')).toThrow(WildcardError);
  expect(() => createWildcard('a'.repeat(256))).toThrow(WildcardError);
});

test('it says the same as the matcher of Node, of stars and question marks', () => {
  const characters = (...more: string[]): fc.Arbitrary<string> =>
    fc
      .array(fc.constantFrom('a', 'b', ...more), { minLength: 1, maxLength: 10 })
      .map((parts) => parts.join(''));
  fc.assert(
    fc.property(characters('*', '?'), characters(), (pattern, name) => {
      // Two stars in a row mean directories there, and one star here.
      expect(createWildcard(pattern)(name)).toBe(matchesGlob(name, pattern.replaceAll(/\*+/g, '*')));
    }),
    { numRuns: 500 },
  );
});

test('many stars cost no more than pattern times name', () => {
  expect(createWildcard('*a'.repeat(100))('a'.repeat(254).concat('b'))).toBe(false);
});
