import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawRecord } from '../source.ts';
import { frameBody } from './frame-body.ts';
import { findValueEnd } from './json-values.ts';

function frame(body: string): RawRecord[] {
  return [
    ...frameBody(Buffer.from(body), {
      framings: ['json'],
      receivedMs: 1,
      maxRecordBytes: 1 << 20,
      maxDepth: 8,
    }),
  ];
}
const texts = (body: string): string[] => frame(body).map(({ text }) => text);
const places = (body: string): (string | undefined)[] => frame(body).map(({ position }) => position);

const object = fc.dictionary(
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value),
  { maxKeys: 4, noNullPrototype: true },
);
/** Never of a wrapper. */
const record = object.map((value) => ({ ...value, id: 1 }));
const print = fc.constantFrom(
  (value: unknown) => JSON.stringify(value),
  (value: unknown) => JSON.stringify(value, undefined, 2),
);

test('values one after the other come out as they were written, however they are printed and kept apart', () => {
  const separator = fc.constantFrom('\n', '\r\n', ' ', '', '\n\n', '\u001E', '\n\u001E', ',\n');
  fc.assert(
    fc.property(fc.array(fc.tuple(record, print, separator), { minLength: 1 }), (items) => {
      const written = items.map(([value, printed]) => printed(value));
      const body = items.map(([, , gap], index) => `${written[index]}${gap}`).join('');
      expect(texts(body)).toEqual(written);
    }),
  );
});

test('the elements of an array are records with their own text, whatever they are behind a first object', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1 }), print, (values, printed) => {
      const body = printed(values);
      const found = texts(body);
      expect(found.map((text) => JSON.parse(text))).toEqual(JSON.parse(body));
      let at = 0;
      for (const text of found) {
        at = body.indexOf(text, at);
        expect(at).toBeGreaterThan(0);
        at += text.length;
      }
    }),
  );
  expect(texts('[{"a":1}, 2, "x", [3]]')).toEqual(['{"a":1}', '2', '"x"', '[3]']);
});

test.each([
  ['{"events":[{"a":1}, {"b":[2]}]}', ['{"a":1}', '{"b":[2]}']],
  ['{"data":[{"upid":"a"},{"upid":"b"}]}', ['{"upid":"a"}', '{"upid":"b"}']],
  ['{"@odata.context":"x","value":[{"Id":1}],"@odata.nextLink":"y"}', ['{"Id":1}']],
  ['{"entities":[{"a":1}],"metadata":{"total":1}}', ['{"a":1}']],
  ['{"events":[]}', []],
])('%s is a wrapper', (body, records) => {
  expect(texts(body)).toEqual(records);
});

test.each([
  '{"id":1,"events":[{"a":1}]}',
  '{"events":[{"a":1}],"others":[1]}',
  '{"events":[1]}',
  '{"ops":[{"a":1}]}',
  '{"typeURI":"http://schemas.dmtf.org/cloud/audit/1.0/log","events":[{"a":1}]}',
  '{"value":[{"a":1}],"vm":{"name":"x"}}',
  '["a","b"]',
  '[[1],[2]]',
])('%s is one record', (body) => {
  expect(texts(body)).toEqual([body]);
  expect(places(body)).toEqual(['document']);
});

test('records are told by line, or by their number in a list', () => {
  expect(places('{"a":1}\n\n{"a":\n2} {"a":3}\n')).toEqual(['line 1', 'line 3', 'line 4']);
  expect(places('[{"a":1},\n{"a":2}]')).toEqual(['element 1', 'element 2']);
  expect(places('{"a":1}\n{"value":[{"b":1}]}')).toEqual(['line 1', 'line 2, element 1']);
});

test('a damaged line costs no other line', () => {
  const good = fc.constantFrom('{"a":1}', '{"a":{"b":[1,2]}}', '{"s":"}{\\""}');
  const bad = fc.constantFrom('{"a":', '{"a":1', '{"a":"x', '{"a":[{"b":1},', '{"a" 1}', '{]', '[');
  fc.assert(
    fc.property(fc.array(fc.oneof(good, bad), { minLength: 1 }), (lines) => {
      // A list that is never closed is not told from its elements.
      const expected = lines.filter((line) => line !== '[');
      const found = texts(lines.join('\n'));
      for (const line of expected) expect(found).toContain(line);
    }),
  );
});

test('a damaged document printed over several lines stays together, and those behind it are found', () => {
  const broken = '{\n  "a": 1,\n  "b": {\n    "c": "x\n}';
  expect(texts(`${broken}\n{\n  "d": 1\n}\n`)).toEqual([broken, '{\n  "d": 1\n}']);
  expect(texts('[\n  {\n    "a": 1,\n  },\n  {\n    "b": 1\n  }\n]')).toEqual([
    '{\n    "a": 1,\n  },',
    '{\n    "b": 1\n  }',
  ]);
});

test('what is nested too deep is told and never reaches a normalizer, and the next line is read', () => {
  const deep = `${'['.repeat(9)}${']'.repeat(9)}`;
  expect(frame(`{"a":${deep}}\n{"a":1}`).map(({ text, fault }) => [text, fault?.code])).toEqual([
    [`{"a":${deep}}`, 'RECORD_TOO_DEEP'],
    ['{"a":1}', undefined],
  ]);
});

test('the structure of every JSON text is found whole', () => {
  fc.assert(
    fc.property(fc.jsonValue(), print, fc.constantFrom('', '\n', '{'), (value, printed, behind) => {
      const text = printed(value);
      expect(findValueEnd(text + behind, 0, 64)).toEqual({ end: text.length });
    }),
  );
});

test('random text is cut into pieces that stand in it one behind the other, and nothing but separators is left out', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\n',
    ' ',
    'a',
    '1',
    '\\',
    '{"a":1}',
    '"x":',
    '\u001E',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
      (body) => {
        let at = 0;
        const left = (from: number, to?: number): string => body.slice(from, to).replaceAll('\u001E', '');
        for (const text of texts(body)) {
          const found = body.indexOf(text, at);
          expect(found).toBeGreaterThanOrEqual(at);
          expect(left(at, found)).toMatch(/^(?:[\s,[\]]|\{"(?:events?|value)":)*$/);
          at = found + text.length;
        }
        expect(left(at)).toMatch(/^[\s,[\]]*$/);
      },
    ),
    { numRuns: 1000 },
  );
});
