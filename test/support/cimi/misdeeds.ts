/** How a collection deceives who reads it, over all its pages. */
import type { Resource } from './resource.ts';

/**
 * `endless`: each page is full of new items. `counts-more`, `counts-less`: `count` is none of the items'.
 * `repeats`: each page begins with the item the one before ended with. `shuffles`: another order each time.
 */
export type Misdeed = 'endless' | 'counts-more' | 'counts-less' | 'repeats' | 'shuffles';

export interface Dealt {
  readonly items: readonly Resource[];
  /** Instead of the number of items. */
  readonly count?: number;
}

interface Place {
  readonly path: string;
  readonly itemType: string;
  readonly query: URLSearchParams;
}

const ENDLESS_COUNT = 1_000_000;

export function misdeal(misdeed: Misdeed | undefined, items: readonly Resource[], place: Place): Dealt {
  if (misdeed === undefined) return { items };
  const first = Number(place.query.get('$first') ?? 1);
  if (misdeed === 'counts-more') return { items, count: items.length + 10 };
  if (misdeed === 'counts-less') return { items, count: Math.floor(items.length / 2) };
  if (misdeed === 'shuffles') {
    const turn = items.length === 0 ? 0 : first % items.length;
    return { items: [...items.slice(turn), ...items.slice(0, turn)] };
  }
  if (misdeed === 'repeats') {
    const repeated = items[first - 2];
    if (repeated === undefined) return { items };
    return { items: items.toSpliced(first - 1, 0, repeated), count: items.length };
  }
  const endless = Array.from({ length: first + 9 }, (_, index) => ({
    id: `${place.path}/${index + 1}`,
    type: place.itemType,
    attributes: { state: 'RUNNING', timestamp: '2026-01-01T00:00:00Z' },
  }));
  return { items: endless, count: ENDLESS_COUNT };
}
