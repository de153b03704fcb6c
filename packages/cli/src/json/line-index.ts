import type { Place } from '../validate/finding.ts';

/** Turns indexes of one text into places; each costs the logarithm of the number of lines. */
export type LineIndex = (offset: number) => Place;

/** Finds the lines of a text once. `origin` is the place of its first character within a larger text. */
export function createLineIndex(text: string, origin: Place = { line: 1, column: 1 }): LineIndex {
  const starts = [0];
  for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const column = offset - (starts[low] ?? 0) + 1;
    return low === 0
      ? { line: origin.line, column: origin.column + column - 1 }
      : { line: origin.line + low, column };
  };
}
