import { expect, test } from 'vitest';
import { readDocument } from './document.ts';
import { hasMoreValues } from './json-size.ts';

test.each([
  ['[{},{},{}]', 6],
  ['{"a":[1,2],"b":{"c":3}}', 5],
  ['"[{,]}"', 0],
  [String.raw`["\\",",\"{[,"]`, 2],
  ['["never ended, {[', 1],
])('of %s are counted its objects, lists and commas', (text, values) => {
  expect(hasMoreValues(text, values)).toBe(false);
  if (values > 0) expect(hasMoreValues(text, values - 1)).toBe(true);
});

test('a document of very many values is refused before they are made', () => {
  const items = '{},'.repeat(300_000);
  expect(readDocument(`{"jobs":[${items}{}]}`)).toMatchObject({
    code: 'CIMI_TOO_DEEP',
    detail: expect.stringContaining('over 500000 values'),
  });
  expect(readDocument(`{"name":"${items.slice(0, 700_000)}"}`)).toMatchObject({ format: 'json' });
});
