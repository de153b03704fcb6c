/** What is known of a filter's truth where only a part of the event is looked at. */

/** Conditions around the truth; the same text twice is the truth itself. Undefined: nothing is known. */
export interface Bounds {
  /** Holds wherever the filter passes. */
  readonly necessary: string | undefined;
  /** The filter passes wherever it holds. */
  readonly sufficient: string | undefined;
  /** Holds wherever the two differ, and is cheap to ask; `0` when they never do. */
  readonly undecided: string;
  /** A necessary condition that an index answers, and so bounds what is undecided beside it, too. */
  readonly indexed?: string;
}

export const UNKNOWN: Bounds = { necessary: undefined, sufficient: undefined, undecided: '1' };

export function exactly(condition: string): Bounds {
  return { necessary: condition, sufficient: condition, undecided: '0' };
}

export function allOf(terms: readonly Bounds[]): Bounds {
  const indexed = someKnown(terms, 'indexed', ' AND ');
  const undecided = someUndecided(terms);
  return {
    necessary: someKnown(terms, 'necessary', ' AND '),
    sufficient: allKnown(terms, 'sufficient', ' AND '),
    undecided:
      indexed === undefined || undecided === '0' || terms.length === 1
        ? undecided
        : `(${indexed} AND ${undecided})`,
    ...(indexed !== undefined && { indexed }),
  };
}

export function anyOf(terms: readonly Bounds[]): Bounds {
  const indexed = allKnown(terms, 'indexed', ' OR ');
  return {
    necessary: allKnown(terms, 'necessary', ' OR '),
    sufficient: someKnown(terms, 'sufficient', ' OR '),
    undecided: someUndecided(terms),
    ...(indexed !== undefined && { indexed }),
  };
}

export function opposite({ necessary, sufficient, undecided }: Bounds): Bounds {
  return {
    necessary: sufficient === undefined ? undefined : `(NOT ${sufficient})`,
    sufficient: necessary === undefined ? undefined : `(NOT ${necessary})`,
    undecided,
  };
}

type Side = 'necessary' | 'sufficient' | 'indexed';

function someKnown(terms: readonly Bounds[], side: Side, joint: string): string | undefined {
  const known = terms.flatMap((term) => term[side] ?? []);
  return known.length === 0 ? undefined : `(${known.join(joint)})`;
}

function allKnown(terms: readonly Bounds[], side: Side, joint: string): string | undefined {
  return terms.some((term) => term[side] === undefined) ? undefined : someKnown(terms, side, joint);
}

function someUndecided(terms: readonly Bounds[]): string {
  const each = new Set(terms.map(({ undecided }) => undecided));
  each.delete('0');
  if (each.size === 0) return '0';
  return each.has('1') ? '1' : `(${[...each].join(' OR ')})`;
}
