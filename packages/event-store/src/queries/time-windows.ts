/**
 * Which stretches of time a page is looked for in, one after the other: the engine skips what is outside by its index
 * on event time, but would read all times to find the first hundred rows of an order by time.
 */
import type { TableEnds } from './table-ends.ts';

/** From inclusive, to exclusive, ms. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TimeWindows {
  /**
   * The next window, adjacent to the one before; undefined when there is no more time. `found` rows were found in the
   * one before, `missing` are still wanted: the window is made as wide as that lets expect.
   */
  next(found: number, missing: number): TimeWindow | undefined;
}

/** A window is meant to hold so many times the rows wanted, if all events were evenly spread and found. */
const SPARE = 4;
/** A window is at least and at most so many times as wide as the one before. */
const MIN_GROWTH = 2;
const MAX_GROWTH = 64;
const MIN_WIDTH_MS = 1000;

/**
 * Windows that cover `within`, as far as there are events, from its beginning (`asc`) or its end (`desc`). `minGrowth`
 * below 1 lets them become narrower again, for readers that go through all of it. Where asking is dear, however narrow
 * the window (`isDear`), all the rest is the next one after a window in which nothing was found.
 */
export function createTimeWindows(
  within: TimeWindow,
  order: 'asc' | 'desc',
  ends: TableEnds,
  { minGrowth = MIN_GROWTH, isDear = false }: { readonly minGrowth?: number; readonly isDear?: boolean } = {},
): TimeWindows {
  const fromMs = Math.max(within.fromMs, ends.firstMs);
  const toMs = Math.min(within.toMs, ends.lastMs + 1);
  const msPerRow = Math.max(1, ends.lastMs - ends.firstMs) / Math.max(1, ends.rows);
  let at = order === 'asc' ? fromMs : toMs;
  let width = 0;

  return {
    next(found, missing) {
      if (order === 'asc' ? at >= toMs : at <= fromMs) return undefined;
      if (width === 0) {
        width = Math.max(MIN_WIDTH_MS, SPARE * missing * msPerRow);
      } else if (isDear && found === 0) {
        width = Infinity;
      } else {
        const growth = found === 0 ? MAX_GROWTH : (SPARE * missing) / found;
        width *= Math.min(MAX_GROWTH, Math.max(minGrowth, growth));
      }
      const from = at;
      at = order === 'asc' ? Math.min(toMs, Math.ceil(at + width)) : Math.max(fromMs, Math.floor(at - width));
      return order === 'asc' ? { fromMs: from, toMs: at } : { fromMs: at, toMs: from };
    },
  };
}
