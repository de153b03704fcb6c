import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { EventQuery, Scope, TimeSpan } from '../interface.ts';
import { createConditions } from './event-conditions.ts';
import { addFound } from './found-events.ts';

/** Of numbers, because min and max of a DateTime64 are wrong before 1970 (`table-ends.ts`). */
export async function findTimeSpan(
  engine: Engine,
  scope: Scope,
  query: EventQuery,
  signal?: AbortSignal,
): Promise<TimeSpan | undefined> {
  const conditions = createConditions();
  if (!addFound(conditions, scope, query)) return undefined;
  const ms = 'toUnixTimestamp64Milli(event_time)';
  const [row] = await engine.rows(
    {
      sql: `SELECT count(), min(${ms}), max(${ms}) FROM events WHERE ${conditions.sql()}`,
      params: conditions.params,
    },
    signal,
  );
  if (row === undefined || numberAt(row, 0) === 0) return undefined;
  return { firstMs: numberAt(row, 1), lastMs: numberAt(row, 2) };
}
