/** Which of several media types a caller wants most: RFC 9110 §12.5.1. */

/** How each offer reads in `Accept`, its other spellings included; the first offer is for those who do not mind. */
export type Offers<T extends string> = Readonly<Record<T, readonly string[]>>;

interface Range {
  readonly type: string;
  readonly weight: number;
  readonly position: number;
}

const MAX_RANGES = 64;

/** Undefined when none is acceptable. Of equal weights the one named, then the one named first, wins. */
export function negotiate<T extends string>(accept: string | undefined, offers: Offers<T>): T | undefined {
  const names = Object.keys(offers).filter((name): name is T => name in offers);
  if (accept === undefined || accept.trim() === '') return names[0];
  const ranges = accept.split(',', MAX_RANGES).map(readRange);
  let best: { readonly name: T; readonly rank: readonly number[] } | undefined;
  for (const [index, name] of names.entries()) {
    const match = bestMatch(ranges, offers[name]);
    if (match === undefined || match.range.weight === 0) continue;
    const rank = [match.range.weight, match.precision, -match.range.position, -index];
    if (best === undefined || isAbove(rank, best.rank)) best = { name, rank };
  }
  return best?.name;
}

function bestMatch(
  ranges: readonly Range[],
  types: readonly string[],
): { readonly range: Range; readonly precision: number } | undefined {
  let best: { readonly range: Range; readonly precision: number } | undefined;
  for (const range of ranges) {
    const precision = types.includes(range.type)
      ? 2
      : types.some((type) => range.type === `${type.split('/', 1)[0]}/*`)
        ? 1
        : range.type === '*/*'
          ? 0
          : -1;
    if (precision >= 0 && precision > (best?.precision ?? -1)) best = { range, precision };
  }
  return best;
}

function readRange(text: string, position: number): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const value = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, weight: value >= 0 && value <= 1 ? value : 0, position };
}

function isAbove(one: readonly number[], other: readonly number[]): boolean {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? 0;
    if (value !== against) return value > against;
  }
  return false;
}
