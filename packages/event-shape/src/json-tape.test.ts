import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createJsonTape, MAX_DEPTH, scanJsonObject } from './json-tape.ts';

const tape = createJsonTape(1000);

function parses(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

test('accepts what JSON.parse makes an object of, and nothing else, near the edge of the grammar', () => {
  const fragment = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '"a":',
    '"a":1',
    '{}',
    '[]',
    '\\',
    '\\u12g4',
    '"\\u12aB"',
    '"\\x"',
    '"\\n"',
    '0',
    '01',
    '-',
    '-1',
    '1.',
    '.5',
    '1e',
    '1e5',
    'true',
    'nul',
    'null',
    'True',
    ' ',
    '\n',
    '\u0000',
    '"\u001f"',
    '\u00a0',
    '\ufeff',
    '"\u2028"',
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 8 }), fc.boolean(), (fragments, wrap) => {
      const text = wrap ? `{"k":${fragments.join('')}}` : fragments.join('');
      expect(scanJsonObject(text, tape), text).toBe(parses(text));
    }),
    { numRuns: 5000 },
  );
});

test('accepts every object and refuses it with one character changed just as JSON.parse does', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 }),
      fc.nat(),
      fc.string({ unit: 'binary', maxLength: 1 }),
      (document, at, insert) => {
        const text = JSON.stringify(document, undefined, at % 3);
        const large = createJsonTape(text.length + 1);
        expect(scanJsonObject(text, large)).toBe(true);
        const position = at % (text.length + 1);
        const changed = text.slice(0, position) + insert + text.slice(position + 1);
        expect(scanJsonObject(changed, large), changed).toBe(parses(changed));
      },
    ),
    { numRuns: 2000 },
  );
});

test('follows containers to its depth bound and no further', () => {
  const nested = (depth: number): string => `${'{"a":['.repeat(depth / 2)}${']}'.repeat(depth / 2)}`;
  expect(scanJsonObject(nested(MAX_DEPTH), tape)).toBe(true);
  expect(scanJsonObject(nested(MAX_DEPTH + 2), tape)).toBe(false);
  expect(scanJsonObject(`${'[{"a":'.repeat(10)}`, tape)).toBe(false);
});

test('tells arrays from objects beyond 32 containers', () => {
  const open = '{"a":['.repeat(20);
  expect(scanJsonObject(`${open}${']}'.repeat(20)}`, tape)).toBe(true);
  expect(scanJsonObject(`${open}}${']}'.repeat(20)}`, tape)).toBe(false);
});

test('refuses a text with more tokens than the tape holds', () => {
  const small = createJsonTape(4);
  expect(scanJsonObject('{"a":1}', small)).toBe(true);
  expect(scanJsonObject('{"a":1,"b":2}', small)).toBe(false);
});
