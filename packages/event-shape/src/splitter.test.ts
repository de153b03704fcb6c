import { expect, test } from 'vitest';
import { createEventSource } from '../bench/openstack-events.ts';
import { createShapeSplitter, joinShape, pointerIndex } from './index.ts';
import type { ShapeSplitter } from './index.ts';

const ID = '5f0c1f5e-6ad9-4c57-9c35-5b1f6f9bd1aa';

/** Shape ids of these texts, '' for those without. */
function shapesOf(splitter: ShapeSplitter, texts: readonly string[]): string[] {
  return texts.map((text) => splitter.split(text)?.shape.id ?? '');
}

test('a structure gets its shape at the second sighting', () => {
  const splitter = createShapeSplitter();
  expect(splitter.split('{"a":"x","n":1}')).toBeUndefined();
  const split = splitter.split('{"a":"x","n":2}');
  expect(split?.shape.pieces).toEqual(['{"a":"x","n":', '}']);
  expect(split?.shape.holes).toEqual(['/n']);
  expect(split?.shape.constants).toEqual(new Map([['/a', 'x']]));
  expect(split?.values).toEqual(['2']);
});

test('identifiers, times, long digits and long texts are holes from the start', () => {
  const splitter = createShapeSplitter();
  const text = JSON.stringify({
    a: ID,
    b: '2026-11-21T07:47:35Z',
    c: '90639cc63b9140c4',
    d: 'call 00491234567',
    e: 'y'.repeat(300),
    f: 'user-17',
  });
  splitter.split(text);
  expect(splitter.split(text)?.shape.holes).toEqual(['/a', '/b', '/c', '/d', '/e']);
});

test('a leaf of few values makes a shape for each, one of many a hole', () => {
  const splitter = createShapeSplitter({ maxVariants: 4 });
  const text = (name: string): string => `{"id":1,"name":"${name}"}`;
  const few = ['a', 'b', 'c', 'd'].map(text);
  shapesOf(splitter, [...few, ...few, ...few]);
  const ids = shapesOf(splitter, few);
  expect(new Set(ids).size).toBe(4);
  expect(ids).not.toContain('');
  expect(splitter.split(text('b'))?.shape.constants.get('/name')).toBe('b');
  const split = splitter.split(text('e')) ?? splitter.split(text('e'));
  expect(split?.shape.holes).toEqual(['/id', '/name']);
  expect(new Set(shapesOf(splitter, [...few, text('f')])).size).toBe(1);
});

test('a leaf that has a column becomes a hole at its second value', () => {
  const splitter = createShapeSplitter({ columnPointers: ['/action'] });
  const text = (action: string, agent: string): string => JSON.stringify({ action, agent });
  shapesOf(splitter, [text('read', 'x'), text('read', 'x'), text('create', 'x')]);
  expect(splitter.split(text('delete', 'x'))?.shape.holes).toEqual(['/action']);
  expect(splitter.split(text('delete', 'x'))?.shape.constants).toEqual(new Map([['/agent', 'x']]));
});

test('combinations of few-valued leaves beyond the bound make a hole of the leaf with most values', () => {
  const splitter = createShapeSplitter({ maxVariants: 8, maxShapesPerStructure: 20 });
  const texts: string[] = [];
  for (let a = 0; a < 7; a++)
    for (let b = 0; b < 3; b++)
      for (let c = 0; c < 3; c++) texts.push(JSON.stringify({ a: `a${a}`, b: `b${b}`, c: `c${c}` }));
  for (let i = 0; i < 4; i++) shapesOf(splitter, texts);
  const ids = new Set(shapesOf(splitter, texts));
  expect(ids.has('')).toBe(false);
  expect(ids.size).toBe(9);
  expect(splitter.split(texts[0]!)?.shape.holes).toEqual(['/a']);
});

test('structures that part late, at a number, a string, an end or white space are told apart', () => {
  const splitter = createShapeSplitter();
  const texts = [
    '{"a":"x","b":1}',
    '{"a":"x","b":"1"}',
    '{"a":"x","b":{}}',
    '{"a":"x","b":null}',
    '{"a":"x","b":[-1,2]}',
    '{"a":"x"}',
    '{"a":"x"}\n',
    '{"a":"x" }',
    '{"a":"x","b1":1}',
    '{"a":"x","b-":1}',
    ' {"a":"x"}',
    '{}',
    '{"b":1}',
    '{"":1}',
  ];
  shapesOf(splitter, texts);
  shapesOf(splitter, texts);
  expect(new Set(shapesOf(splitter, texts)).size).toBe(texts.length);
  for (const text of texts) {
    const split = splitter.split(text)!;
    expect(joinShape(split.shape, split.values)).toBe(text);
  }
});

test('texts that are not JSON objects, or name a key twice in one object, are never split', () => {
  const splitter = createShapeSplitter({ minSightings: 1 });
  const refused = [
    '',
    '[]',
    '1',
    '"a"',
    'null',
    '{',
    '{"a":1',
    '{"a":1}}',
    '\ufeff{"a":1}',
    '{"a":01}',
    '{"a":1.}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":"\u0001"}',
    String.raw`{"a":"\x"}`,
    '{"a":1,"a":2}',
    String.raw`{"a":1,"\u0061":2}`,
    '{"x":[{"a":{},"a":true}]}',
  ];
  for (let i = 0; i < 5; i++) expect(new Set(shapesOf(splitter, refused))).toEqual(new Set(['']));
  expect(splitter.split('{"a":1}')).toBeDefined();
  for (let i = 0; i < 5; i++) expect(new Set(shapesOf(splitter, refused))).toEqual(new Set(['']));
});

test('a known structure with a value that is not JSON is never split', () => {
  const splitter = createShapeSplitter({ minSightings: 1 });
  const text = (string: string, number: string): string => `{"id":"${string}","n":${number}}`;
  splitter.split(text(ID, '1'));
  splitter.split(text('x', '1'));
  const strings = ['\u0000', '\u001f', '\n', '\\', '\\x', '\\u12', '\\u12g4', '\\\\\\', 'a"', '"'];
  const numbers = ['', '-', '+1', '01', '-01', '1.', '.5', '1e', '1e+', '0x1', '1 1', 'NaN', '"1"', '١'];
  for (const bad of strings) expect(splitter.split(text(bad, '1')), bad).toBeUndefined();
  for (const bad of numbers) expect(splitter.split(text('y', bad))?.shape.holes.length, bad).not.toBe(2);
  for (const good of ['', '\\"', '\\\\', '\\u12aB', '\\/', '\u007f', '\u2028', '😀']) {
    expect(splitter.split(text(good, '-0.5e+10'))?.values, good).toEqual([good, '-0.5e+10']);
  }
});

test('texts beyond a bound are not split: length, depth, holes, leaves', () => {
  const splitter = createShapeSplitter({ minSightings: 1, maxTextLength: 2000, maxHoles: 4 });
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const holes = (count: number): string => JSON.stringify({ a: Array.from({ length: count }, (_, i) => i) });
  expect(shapesOf(splitter, [`{"a":"${'x'.repeat(2000)}"}`, nested(65), holes(5), holes(200)])).toEqual([
    '',
    '',
    '',
    '',
  ]);
  expect(shapesOf(splitter, [`{"a":"${'x'.repeat(1900)}"}`, nested(64), holes(4)])).not.toContain('');
});

test('a shape is the same object every time, and knows its holes by pointer', () => {
  const splitter = createShapeSplitter({ minSightings: 1 });
  const { shape } = splitter.split('{"a/b":1,"m~n":[2]}')!;
  expect(splitter.split('{"a/b":3,"m~n":[4]}')?.shape).toBe(shape);
  expect(pointerIndex(shape)).toEqual(
    new Map([
      ['/a~1b', 0],
      ['/m~0n/0', 1],
    ]),
  );
  expect(pointerIndex(shape)).toBe(pointerIndex(shape));
});

test('two splitters that saw the same texts give equal shapes', () => {
  const [one, other] = [createShapeSplitter(), createShapeSplitter()];
  const next = createEventSource(3);
  const texts = Array.from({ length: 500 }, () => next());
  expect(shapesOf(one, texts)).toEqual(shapesOf(other, texts));
});

test('events of five services settle into a few dozen shapes', () => {
  const splitter = createShapeSplitter({
    columnPointers: [
      '/action',
      '/outcome',
      '/target/name',
      '/target/typeURI',
      '/initiator/name',
      '/reason/reasonCode',
    ],
  });
  const next = createEventSource(4);
  for (let i = 0; i < 3000; i++) splitter.split(next());
  const ids = new Set<string>();
  for (let i = 0; i < 3000; i++) {
    const text = next();
    const split = splitter.split(text);
    if (split === undefined) continue;
    ids.add(split.shape.id);
    expect(joinShape(split.shape, split.values)).toBe(text);
  }
  expect(ids.size).toBeLessThan(100);
});
