import { expect, test } from 'vitest';
import {
  createShapeSplitter,
  decodeShape,
  encodeShape,
  isNumberHole,
  joinShape,
  ShapeTextError,
} from './index.ts';

function shapeOf(
  text: string,
): NonNullable<ReturnType<ReturnType<typeof createShapeSplitter>['split']>>['shape'] {
  const split = createShapeSplitter({ minSightings: 1 }).split(text);
  if (split === undefined) throw new Error('not split');
  return split.shape;
}

test('the id of a shape is fixed by its pieces and holes, for stores hold it for years', () => {
  const shape = shapeOf('{"id":"5f0c1f5e-6ad9-4c57-9c35-5b1f6f9bd1aa","n":1,"outcome":"success"}');
  expect(encodeShape(shape)).toBe(
    String.raw`{"pieces":["{\"id\":\"","\",\"n\":",",\"outcome\":\"success\"}"],"holes":["/id","/n"]}`,
  );
  expect(shape.id).toBe('3304376930723599623');
  expect([isNumberHole(shape, 0), isNumberHole(shape, 1)]).toEqual([false, true]);
});

test('a shape read back is equal, its constants decoded', () => {
  const shape = shapeOf(String.raw`{"a":"x\u0041\"","b/c":["y",{"d":1}],"e":"\ud800","f":""}`);
  const read = decodeShape(encodeShape(shape));
  expect(read).toEqual(shape);
  expect(read.constants).toEqual(
    new Map([
      ['/a', 'xA"'],
      ['/b~1c/0', 'y'],
      ['/e', '\ud800'],
      ['/f', ''],
    ]),
  );
});

test.each([
  ['not JSON', '{"pieces":'],
  ['not an object with pieces and holes', '[]'],
  ['not an object with pieces and holes', '{"pieces":[]}'],
  ['one more piece than holes', '{"pieces":["{}"],"holes":["/a"]}'],
  ['lists of strings', '{"pieces":[1],"holes":[]}'],
  ['do not make a JSON object', '{"pieces":["{"],"holes":[]}'],
  ['do not make a JSON object', String.raw`{"pieces":["{\"a\":",",\"a\":1}"],"holes":["/a"]}`],
  ['hole /b is not where the pieces have one', String.raw`{"pieces":["{\"a\":","}"],"holes":["/b"]}`],
])('a damaged shape is refused: %s', (reason, text) => {
  expect(() => decodeShape(text)).toThrow(ShapeTextError);
  expect(() => decodeShape(text)).toThrow(reason);
});

test('joining with another number of values than holes is refused', () => {
  const shape = shapeOf('{"a":1,"b":2}');
  expect(joinShape(shape, ['3', '4'])).toBe('{"a":3,"b":4}');
  expect(() => joinShape(shape, ['3'])).toThrow('has 2 holes, not 1');
});
