import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkJsonDepth } from './depth.ts';
import { jsonRanges, locateJson } from './locate.ts';

/** Every pointer of a value with the value it leads to. */
function pointersOf(value: unknown, base = ''): readonly (readonly [string, unknown])[] {
  const found: (readonly [string, unknown])[] = [[base, value]];
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, one] of Object.entries(value)) {
    found.push(...pointersOf(one, `${base}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  }
  return found;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('the text at every pointer of any JSON is the text of its value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const wanted = pointersOf(JSON.parse(text));
      const ranges = jsonRanges(
        text,
        wanted.map(([pointer]) => pointer),
      );
      for (const [pointer, expected] of wanted) {
        const range = ranges.get(pointer);
        expect(JSON.parse(text.slice(range?.start, range?.end)), pointer).toEqual(expected);
      }
    }),
    { numRuns: 500 },
  );
});

test('line and column are counted from 1', () => {
  const text = '{\n  "a": [1,\n    {"b": "x"}]\n}';
  expect(locateJson(text, '/a/1/b')).toMatchObject({ line: 3, column: 11 });
  expect(locateJson(text, '')).toMatchObject({ line: 1, column: 1, end: text.length });
  expect(locateJson(text, '/a/2')).toBeUndefined();
  expect(locateJson(text, 'a')).toBeUndefined();
});

test('of members given twice the last counts, also for what was found below the first', () => {
  const text = '{"a":{"b":1,"c":2},"a":{"c":3}}';
  const ranges = jsonRanges(text, ['/a', '/a/b', '/a/c']);
  expect(ranges.has('/a/b')).toBe(false);
  const c = ranges.get('/a/c');
  expect(text.slice(c?.start, c?.end)).toBe('3');
});

test('keys are compared as they mean, not as they are written', () => {
  const text = '{"\\u0061~/":1}';
  const range = jsonRanges(text, ['/a~0~1']).get('/a~0~1');
  expect(text.slice(range?.start, range?.end)).toBe('1');
});

test('a text that is not JSON gives no places past the fault, and never throws', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', ' ', '1') }),
      (text) => {
        jsonRanges(text, ['', '/a', '/0', '/a/0']);
        checkJsonDepth(text, 2);
      },
    ),
    { numRuns: 2000 },
  );
});

test('the depth of any JSON is told right', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 7 }), (value, limit) => {
      expect(checkJsonDepth(JSON.stringify(value), limit)).toBe(depthOf(value) <= limit);
    }),
    { numRuns: 1000 },
  );
});

test('brackets in strings do not count, and a million of them take no time worth naming', () => {
  expect(checkJsonDepth(JSON.stringify({ text: '[{'.repeat(500_000) }))).toBe(true);
  expect(checkJsonDepth('['.repeat(65))).toBe(false);
  expect(checkJsonDepth(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe(true);
});
