import type { Engine } from '../engine/engine.ts';
import { numberAt, stringAt } from '../engine/rows.ts';
import { StoreError } from '../errors.ts';
import type { Timeline, TimelineQuery } from '../event-counts.ts';
import type { Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { createConditions } from './event-conditions.ts';
import { addFound } from './found-events.ts';

const MAX_STARTS = 10_000;
const MAX_TOP = 100;
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/**
 * Whatever the buckets are (days of 23 hours, months), the engine looks a time up among their beginnings: that costs
 * less than the arithmetic of a calendar and is right before 1970, where the engine's own wraps.
 */
export async function countByTime(
  engine: Engine,
  scope: Scope,
  { starts, by, ...query }: TimelineQuery,
  signal?: AbortSignal,
): Promise<Timeline> {
  const [first] = starts;
  if (first === undefined || starts.length > MAX_STARTS)
    throw new RangeError(`starts must be 1 to ${MAX_STARTS}, not ${starts.length}`);
  if (starts.some((start, index) => index > 0 && start <= (starts[index - 1] ?? 0)))
    throw new RangeError('starts must ascend');
  if (by !== undefined) requireWithin('top', by.top, MAX_TOP);
  const none = (): number[] => starts.map(() => 0);
  const conditions = createConditions();
  if (!addFound(conditions, scope, query))
    return { counts: none(), series: [], ...(by && { other: none(), absent: none() }) };
  const bucket = 'roundDown(toUnixTimestamp64Milli(event_time), {store_starts: Array(Int64)})';
  // Asking `event_time >= first` of each row would cost as much again.
  const params = { ...conditions.params, store_starts: [BEFORE_ALL, ...starts] };
  const places = new Map(starts.map((start, index) => [start, index]));
  const addTo = (counts: number[], start: unknown, count: unknown): void => {
    if (start === BEFORE_ALL) return;
    const index = typeof start === 'number' ? places.get(start) : undefined;
    if (index === undefined || typeof count !== 'number')
      throw new StoreError('STORE_FAILED', 'the engine answered something else than a bucket and its count');
    counts[index] = (counts[index] ?? 0) + count;
  };

  if (by === undefined) {
    const sql = `SELECT ${bucket} AS store_start, count() FROM events WHERE ${conditions.sql()} GROUP BY store_start`;
    const rows = await engine.rows({ sql, params }, signal);
    const counts = none();
    for (const row of rows) addTo(counts, row[0], row[1]);
    return { counts, series: [] };
  }

  // A row for each of the first values, one for none ('', rank 0), and one for all others (rank past the last).
  const cells = `SELECT ${bucket} AS store_start, ${by.field.sql} AS store_key, count() AS store_count
    FROM events WHERE ${conditions.sql()} GROUP BY store_start, store_key`;
  const rows = await engine.rows(
    {
      sql: `SELECT store_rank, any(store_value), sumMap(store_cells.1, store_cells.2)
        FROM (
          SELECT *, if(store_value = '', 0, least(${by.top + 1}, row_number() OVER (ORDER BY store_value = '', store_total DESC, store_value))) AS store_rank
          FROM (
            SELECT toString(store_key) AS store_value, sum(store_count) AS store_total,
              sumMap([store_start], [store_count]) AS store_cells
            FROM (${cells}) GROUP BY store_value))
        GROUP BY store_rank ORDER BY store_rank`,
      params,
    },
    signal,
  );
  const other = none();
  const absent = none();
  const series: { value: string; counts: number[] }[] = [];
  for (const row of rows) {
    const rank = numberAt(row, 0);
    const counts = rank === 0 ? absent : rank > by.top ? other : none();
    const [starting, counted]: readonly unknown[] = Array.isArray(row[2]) ? row[2] : [];
    if (!Array.isArray(starting) || !Array.isArray(counted))
      throw new StoreError('STORE_FAILED', 'the engine answered something else than counts by bucket');
    starting.forEach((start, index) => addTo(counts, start, counted[index]));
    if (rank > 0 && rank <= by.top) series.push({ value: stringAt(row, 1), counts });
  }
  const counts = none().map((_, index) =>
    [absent, other, ...series.map((one) => one.counts)].reduce((sum, one) => sum + (one[index] ?? 0), 0),
  );
  return { counts, series, other, absent };
}
