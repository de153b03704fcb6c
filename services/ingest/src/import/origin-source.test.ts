import { NAME_ID_PATTERN } from '@cadf-pipeline/control-state';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { originSource } from './origin-source.ts';

test('different origins are different sources, all of them names of sources', () => {
  const tricky = fc.stringMatching(/^[._a-z0-9%/ -]{1,12}$/);
  const origin = fc.oneof(
    tricky,
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.string({ minLength: 100, maxLength: 300 }),
  );
  fc.assert(
    fc.property(origin, origin, (one, other) => {
      const names = [originSource('peer', one), originSource('peer', other)] as const;
      for (const name of names) expect(name).toMatch(new RegExp(NAME_ID_PATTERN));
      expect(names[0] === names[1]).toBe(one.toWellFormed() === other.toWellFormed());
    }),
    { numRuns: 500 },
  );
});

test.each([
  [undefined, 'peer'],
  ['keystone_a', 'peer.keystone_a'],
  ['a/b', 'peer.a._2Fb'],
  ['a._2Fb', 'peer.a.._5F2Fb'],
  ['_a', 'peer.._5Fa'],
])('%j', (origin, source) => {
  expect(originSource('peer', origin)).toBe(source);
});
