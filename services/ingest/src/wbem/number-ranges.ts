/** Sets of whole numbers as ranges, each with the time its first number came. */

/** First and last number, and when the first of them to come came, ms since 1970 UTC. */
export type NumberRange = readonly [from: number, to: number, sinceMs: number];

/** Ascending, neither overlapping nor adjacent. */
export type NumberRanges = readonly NumberRange[];

export interface Gap {
  readonly from: number;
  readonly to: number;
  /** When the first number above it came: since then it is missing. */
  readonly sinceMs: number;
}

export function addNumber(ranges: NumberRanges, number: number, atMs: number): NumberRanges {
  const last = ranges.at(-1);
  if (last === undefined || number > last[1] + 1) return [...ranges, [number, number, atMs]];
  if (number === last[1] + 1) return [...ranges.slice(0, -1), [last[0], number, last[2]]];
  if (number >= last[0]) return ranges;
  return uniteRanges([ranges, [[number, number, atMs]]]);
}

export function uniteRanges(sets: readonly NumberRanges[]): NumberRanges {
  const [only] = sets;
  if (sets.length === 1 && only !== undefined) return only;
  const sorted = sets.flat().toSorted((one, other) => one[0] - other[0] || one[2] - other[2]);
  const united: NumberRange[] = [];
  for (const range of sorted) {
    const last = united.at(-1);
    if (last === undefined || range[0] > last[1] + 1) united.push(range);
    else if (range[1] > last[1]) united[united.length - 1] = [last[0], range[1], Math.min(last[2], range[2])];
  }
  return united;
}

/** Ascending. Below the lowest number nothing is known to be missing. */
export function gapsOf(ranges: NumberRanges): Gap[] {
  const gaps: Gap[] = [];
  let sinceMs = Infinity;
  for (let index = ranges.length - 1; index > 0; index--) {
    const above = ranges[index];
    const below = ranges[index - 1];
    if (above === undefined || below === undefined) break;
    sinceMs = Math.min(sinceMs, above[2]);
    gaps.push({ from: below[1] + 1, to: above[0] - 1, sinceMs });
  }
  return gaps.reverse();
}
