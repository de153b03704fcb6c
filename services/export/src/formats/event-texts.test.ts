import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJsonArray, toNdjson } from './event-texts.ts';

const text = (value: string): { text: Buffer } => ({ text: Buffer.from(value) });

test('an array holds the texts byte for byte', () => {
  expect(toJsonArray([text('{"a": 1.0}'), text('{"b":"ä€😀"}')]).toString()).toBe(
    '[{"a": 1.0},{"b":"ä€😀"}]',
  );
  expect(toJsonArray([text('{}')]).toString()).toBe('[{}]');
  expect(toJsonArray([]).toString()).toBe('[]');
});

test('each event has one line, however it was written', () => {
  expect(toNdjson([text('{"a":1}'), text('{\r\n  "b": "x\\ny"\n}')]).toString()).toBe(
    '{"a":1}\n{    "b": "x\\ny" }\n',
  );
});

test('a text with line breaks is not changed where it stands: others are given the same bytes', () => {
  const one = text('{\n}');
  toNdjson([one]);
  expect(one.text.toString()).toBe('{\n}');
});

test('whatever the events are, both forms say the same', () => {
  fc.assert(
    fc.property(fc.array(fc.json(), { minLength: 1, maxLength: 5 }), (values) => {
      const events = values.map((value) => text(JSON.stringify(JSON.parse(value), null, 1)));
      const expected: unknown = values.map((value): unknown => JSON.parse(value));
      expect(JSON.parse(toJsonArray(events).toString())).toEqual(expected);
      const lines = toNdjson(events).toString().split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line): unknown => JSON.parse(line))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
