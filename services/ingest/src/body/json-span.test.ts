import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementSpans, valueSpan } from './json-span.ts';

const spacing = fc.constantFrom('', ' ', '\n', '\t  ', '\r\n');

/** Prints a value with blanks of the given kinds between its tokens. */
function print(value: unknown, gap: string): string {
  if (Array.isArray(value))
    return `[${gap}${value.map((item) => print(item, gap)).join(`${gap},${gap}`)}${gap}]`;
  if (typeof value === 'object' && value !== null)
    return `{${gap}${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}${gap}:${gap}${print(item, gap)}`)
      .join(`${gap},${gap}`)}${gap}}`;
  return JSON.stringify(value);
}

test('the elements of any array are found where they stand', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), spacing, (values, gap) => {
      const text = gap + print(values, gap);
      const found = elementSpans(text, 0).map(({ start, end }) => JSON.parse(text.slice(start, end)));
      expect(found).toEqual(JSON.parse(text));
    }),
  );
});

test('a member is found by its path, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), spacing, (value, other, name, gap) => {
      const document = { other, list: [other, { [`${name}!`]: value }] };
      const text = print(document, gap);
      const span = valueSpan(text, ['list', '1', `${name}!`]);
      expect(JSON.parse(text.slice(span?.start, span?.end))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('of members with one name the last counts, as in JSON.parse', () => {
  const text = '{"a":1, "\\u0061":{"b":2}}';
  expect(valueSpan(text, ['a', 'b'])).toEqual({ start: 22, end: 23 });
});

test('a path that leads nowhere has no span', () => {
  expect(valueSpan('{"a":[1]}', ['a', '7'])).toBeUndefined();
  expect(valueSpan('{"a":[1]}', ['b'])).toBeUndefined();
  expect(valueSpan('"text"', ['a'])).toBeUndefined();
});
