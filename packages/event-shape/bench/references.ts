import type { Split } from '../src/index.ts';

const MIN_LENGTH = 12;

/** The split with each value that stands inside a later one, or inside one without a column, replaced there by two characters. */
export function withReferences(split: Split, columns: ReadonlySet<string>): Split {
  const isColumn = split.shape.holes.map((pointer) => columns.has(pointer));
  const values = split.values.map((value, hole) => {
    if (isColumn[hole] === true) return value;
    return split.values.reduce((text, other, source) => {
      const known = source !== hole && (isColumn[source] === true || source < hole);
      return known && other.length >= MIN_LENGTH
        ? text.replace(other, `\u001e${String.fromCharCode(0x20 + source)}`)
        : text;
    }, value);
  });
  return { shape: split.shape, values };
}
