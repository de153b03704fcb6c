import type { Engine } from '../engine/engine.ts';
import { numberAt, stringAt } from '../engine/rows.ts';
import type { Scope, ValueCount, ValuesQuery } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { addEventQuery, addScope, createConditions } from './event-conditions.ts';
import { NOT_SUPERSEDED } from './merged.ts';

const MAX_LIMIT = 20_000;

/** The different values of an expression over the columns, each merged event counted once. */
export async function listValues(
  engine: Engine,
  scope: Scope,
  { sql, limit, ...which }: ValuesQuery,
  signal?: AbortSignal,
): Promise<ValueCount[]> {
  requireWithin('limit', limit, MAX_LIMIT);
  const conditions = createConditions();
  if (!addScope(conditions, scope, which.tenant)) return [];
  addEventQuery(conditions, which);
  const rows = await engine.rows(
    {
      sql: `SELECT toString(${sql}) AS store_value, count() AS store_count
        FROM events
        WHERE ${conditions.sql()} AND ${NOT_SUPERSEDED} AND ${sql} != ''
        GROUP BY store_value
        ORDER BY store_count DESC, store_value
        LIMIT {store_limit: UInt32}`,
      params: { ...conditions.params, store_limit: limit },
    },
    signal,
  );
  return rows.map((row) => ({ value: stringAt(row, 0), count: numberAt(row, 1) }));
}
