import type { Shape } from './interface.ts';

/** The text of a split again. Throws a RangeError if the number of values is not that of the shape's holes. */
export function joinShape(shape: Shape, values: readonly string[]): string {
  const { pieces } = shape;
  if (values.length !== pieces.length - 1) {
    throw new RangeError(`shape ${shape.id} has ${pieces.length - 1} holes, not ${values.length}`);
  }
  let text = pieces[0] ?? '';
  for (let i = 0; i < values.length; i++) text += (values[i] ?? '') + (pieces[i + 1] ?? '');
  return text;
}
