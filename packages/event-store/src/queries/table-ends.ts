/** Where the partitions of the events table end, and when its events were: answered by the projection `ends`. */
import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';

export interface TableEnds {
  /** Highest stored offset + 1 of every partition. */
  readonly next: ReadonlyMap<number, number>;
  readonly rows: number;
  /** Bounds of eventTime, ms; both 0 when there are no rows. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * Its expressions are those of the projection, to the letter: min and max of numbers, because those of a DateTime64
 * are wrong before 1970 as soon as the engine compiles them, which it does at their fourth run.
 */
export const TABLE_ENDS_SQL = `SELECT partition, max(offset) + 1, count(),
    min(toUnixTimestamp64Milli(event_time)), max(toUnixTimestamp64Milli(event_time))
  FROM events GROUP BY partition`;

export async function readTableEnds(engine: Engine, signal?: AbortSignal): Promise<TableEnds> {
  const rows = await engine.rows({ sql: TABLE_ENDS_SQL, unbounded: true }, signal);
  if (rows.length === 0) return { next: new Map(), rows: 0, firstMs: 0, lastMs: 0 };
  return {
    next: new Map(rows.map((row) => [numberAt(row, 0), numberAt(row, 1)])),
    rows: rows.reduce((sum, row) => sum + numberAt(row, 2), 0),
    firstMs: Math.min(...rows.map((row) => numberAt(row, 3))),
    lastMs: Math.max(...rows.map((row) => numberAt(row, 4))),
  };
}
