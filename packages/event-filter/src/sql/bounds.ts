/** What is known of a filter's truth where only a part of the event is looked at. */

/** Conditions around the truth; the same text twice is the truth itself. Undefined: nothing is known. */
export interface Bounds {
  /** Holds wherever the filter passes. */
  readonly necessary: string | undefined;
  /** The filter passes wherever it holds. */
  readonly sufficient: string | undefined;
}

export const UNKNOWN: Bounds = { necessary: undefined, sufficient: undefined };

export function exactly(condition: string): Bounds {
  return { necessary: condition, sufficient: condition };
}

export function allOf(terms: readonly Bounds[]): Bounds {
  return {
    necessary: someKnown(terms, 'necessary', ' AND '),
    sufficient: allKnown(terms, 'sufficient', ' AND '),
  };
}

export function anyOf(terms: readonly Bounds[]): Bounds {
  return {
    necessary: allKnown(terms, 'necessary', ' OR '),
    sufficient: someKnown(terms, 'sufficient', ' OR '),
  };
}

export function opposite({ necessary, sufficient }: Bounds): Bounds {
  return {
    necessary: sufficient === undefined ? undefined : `(NOT ${sufficient})`,
    sufficient: necessary === undefined ? undefined : `(NOT ${necessary})`,
  };
}

function someKnown(terms: readonly Bounds[], side: keyof Bounds, joint: string): string | undefined {
  const known = terms.flatMap((term) => term[side] ?? []);
  return known.length === 0 ? undefined : `(${known.join(joint)})`;
}

function allKnown(terms: readonly Bounds[], side: keyof Bounds, joint: string): string | undefined {
  return terms.some((term) => term[side] === undefined) ? undefined : someKnown(terms, side, joint);
}
