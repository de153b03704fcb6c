import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { TimeSpan } from '../event-counts.ts';
import type { EventQuery, Scope } from '../interface.ts';
import { createConditions } from './event-conditions.ts';
import { addFound } from './found-events.ts';
import { readTableEnds } from './table-ends.ts';

/** Of numbers, because min and max of a DateTime64 are wrong before 1970 (`table-ends.ts`). */
const MS = 'toUnixTimestamp64Milli(event_time)';

export async function findTimeSpan(
  engine: Engine,
  scope: Scope,
  query: EventQuery,
  signal?: AbortSignal,
): Promise<TimeSpan | undefined> {
  const conditions = createConditions();
  if (!addFound(conditions, scope, query)) return undefined;
  if (scope.tenants === '*' && asksAll(query)) {
    const span = await spanOfTable(engine, conditions.sql(), signal);
    if (span !== undefined) return span;
  }
  const [row] = await engine.rows(
    {
      sql: `SELECT count(), min(${MS}), max(${MS}) FROM events WHERE ${conditions.sql()}`,
      params: conditions.params,
    },
    signal,
  );
  if (row === undefined || numberAt(row, 0) === 0) return undefined;
  return { firstMs: numberAt(row, 1), lastMs: numberAt(row, 2) };
}

function asksAll({ fromMs, source, tenant, toMs, where }: EventQuery): boolean {
  return [fromMs, source, tenant, toMs, where].every((bound) => bound === undefined);
}

/** The ends of the table are known without reading it. Undefined: a row there is not one of those found. */
async function spanOfTable(
  engine: Engine,
  found: string,
  signal: AbortSignal | undefined,
): Promise<TimeSpan | undefined> {
  const { firstMs, lastMs } = await readTableEnds(engine, signal);
  const at = (ms: number): string => `event_time = fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  const [row] = await engine.rows(
    {
      sql: `SELECT countIf(${at(firstMs)}) > 0 AND countIf(${at(lastMs)}) > 0 FROM events
        WHERE (${at(firstMs)} OR ${at(lastMs)}) AND ${found}`,
    },
    signal,
  );
  return row !== undefined && numberAt(row, 0) === 1 ? { firstMs, lastMs } : undefined;
}
