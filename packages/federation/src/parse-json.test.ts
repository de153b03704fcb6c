import { expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';

const read = (text: string): unknown => parseJson(Buffer.from(text));

test('JSON is read as JSON.parse reads it', () => {
  const text = '{"a":[1,{"a":":","\\"b\\":":null}],"__proto__":{"a":2},"":"{\\"a\\":1,\\"a\\":2}"}';
  expect(read(text)).toEqual(JSON.parse(text));
  expect(read('[]')).toEqual([]);
  expect(read(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBeDefined();
});

test.each([
  '{"a":1,"a":1}',
  '{"a":[{"b":{"c":1,"c":2}}]}',
  '{"a":1,"\\u0061":2}',
  '{"__proto__":1,"__proto__":2}',
  '{"a":1',
  '\ufeff{"a":1}',
  '',
])('a member twice, or no JSON: %s', (text) => {
  expect(read(text)).toBeUndefined();
});

test('what is no UTF-8 is not read', () => {
  expect(parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined();
});
