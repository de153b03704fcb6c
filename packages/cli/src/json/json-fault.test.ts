import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFault } from './json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with a few characters replaced, taken out or put in. */
const damaged = fc
  .tuple(
    fc.json(),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...'{}[],:"\'\\u0019.eE+- \n\ttrue'.split(''))), {
      maxLength: 3,
    }),
  )
  .map(([json, edits]) => {
    let text = json;
    for (const [at, removed, added] of edits) {
      const place = at % (text.length + 1);
      text = text.slice(0, place) + added + text.slice(place + removed);
    }
    return text;
  });

test('finds a fault exactly where JSON.parse refuses', () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.json(), fc.string()), (text) => {
      const found = jsonFault(text);
      expect(found === undefined).toBe(isJson(text));
      if (found === undefined) return;
      expect(found.offset).toBeGreaterThanOrEqual(0);
      expect(found.offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['{"a":1,}', 6, 'comma with nothing after'],
  ['[1,2', 4, 'ends before'],
  ['{"a":1', 6, 'ends before'],
  ['{"a"', 4, 'ends before'],
  ['{', 1, 'ends before'],
  ['{"a":1 "b":2}', 7, 'a comma or a closing brace'],
  ['[1 2]', 3, 'a comma or a closing bracket'],
  ['{"a":1]', 6, 'a comma or a closing brace'],
  ["{'a':1}", 1, 'member name in double quotes'],
  ['{"a":\'x\'}', 5, 'single quote'],
  ['{"a":None}', 5, 'Python'],
  ['{"a":NaN}', 5, 'no such number'],
  ['[01]', 2, 'number goes on'],
  ['[1.]', 2, 'number goes on'],
  ['["a\nb"]', 3, 'line ends inside a string'],
  ['["a\tb"]', 3, 'control character'],
  ['["\\x"]', 2, 'backslash'],
  ['["\\u12g4"]', 2, 'backslash'],
  ['{"a" 1}', 5, 'colon'],
  ['{} {}', 3, 'after the end'],
  ['<event/>', 0, 'a value should be here'],
])('says where %s stops being JSON', (text, offset, message) => {
  const found = jsonFault(text);
  expect(found?.offset).toBe(offset);
  expect(found?.message).toContain(message);
  expect(found?.hint).not.toBe('');
});

test('reads nesting of any depth without recursion', () => {
  const depth = 200_000;
  expect(jsonFault('['.repeat(depth) + ']'.repeat(depth))).toBeUndefined();
  expect(jsonFault('['.repeat(depth))?.offset).toBe(depth);
});
