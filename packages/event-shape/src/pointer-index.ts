import type { Shape } from './interface.ts';

const indexes = new WeakMap<Shape, ReadonlyMap<string, number>>();

/** From JSON Pointer to the index of its hole; made once per shape object. A pointer not in it may be in `constants`. */
export function pointerIndex(shape: Shape): ReadonlyMap<string, number> {
  let index = indexes.get(shape);
  if (index === undefined) {
    index = new Map(shape.holes.map((pointer, hole) => [pointer, hole]));
    indexes.set(shape, index);
  }
  return index;
}

/** Whether the hole is a number token; otherwise it is the content of a string. */
export function isNumberHole(shape: Shape, hole: number): boolean {
  return shape.pieces[hole]?.endsWith('"') === false;
}
