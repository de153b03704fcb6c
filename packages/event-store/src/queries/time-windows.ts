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

/** A first window is meant to hold so many times the rows wanted; what a filter finds in it is not known. */
const FIRST_WINDOW_ROWS = 4;
const GROWTH = 8;
const MIN_WIDTH_MS = 1000;

/** The windows of `within`, adjacent and in order, the first near its beginning (`asc`) or end, each wider than the last. */
export function* timeWindows(
  within: TimeWindow,
  order: 'asc' | 'desc',
  ends: TableEnds,
  wantedRows: number,
): Generator<TimeWindow> {
  const fromMs = Math.max(within.fromMs, ends.firstMs);
  const toMs = Math.min(within.toMs, ends.lastMs + 1);
  const rowsPerMs = ends.rows / Math.max(1, ends.lastMs - ends.firstMs);
  let width = Math.max(
    MIN_WIDTH_MS,
    (FIRST_WINDOW_ROWS * wantedRows) / Math.max(rowsPerMs, Number.MIN_VALUE),
  );
  let at = order === 'asc' ? fromMs : toMs;
  while (order === 'asc' ? at < toMs : at > fromMs) {
    const next =
      order === 'asc' ? Math.min(toMs, Math.ceil(at + width)) : Math.max(fromMs, Math.floor(at - width));
    yield order === 'asc' ? { fromMs: at, toMs: next } : { fromMs: next, toMs: at };
    at = next;
    width *= GROWTH;
  }
}
