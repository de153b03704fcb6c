import type { Engine } from '../engine/engine.ts';
import { numberAt, onlyRow, stringAt } from '../engine/rows.ts';
import { StoreError } from '../errors.ts';
import type { CountQuery, Scope, SourceDay } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { addAsOf, addEventQuery, addScope, addSince, AS_OF, createConditions } from './event-conditions.ts';
import type { ConditionBuilder } from './event-conditions.ts';
import { NOT_SUPERSEDED, notSupersededBy } from './merged.ts';

const DAY_MS = 86_400_000;
const MAX_SOURCE_DAYS = 100_000;

/** How many events (or, with `versions: 'all'`, versions) a query finds. */
export async function countEvents(
  engine: Engine,
  scope: Scope,
  query: CountQuery,
  signal?: AbortSignal,
): Promise<number> {
  const conditions = createConditions();
  if (!addScope(conditions, scope, query.tenant)) return 0;
  addEventQuery(conditions, query);
  const all = query.versions === 'all';
  // Each `supersedes` names one row that is not hidden, so that without a filter there is nothing to look up.
  const sql =
    conditions.empty && !all && query.asOf === undefined && query.since === undefined
      ? 'SELECT count() - countIf(hidden = 1) - countIf(supersedes > 0) FROM events'
      : `SELECT count() FROM events WHERE ${whichOf(conditions, query)}`;
  const rows = await engine.rows({ sql, params: conditions.params }, signal);
  return numberAt(onlyRow(rows), 0);
}

/** The same by source and day; by source, then day. Throws StoreError STORE_LIMIT_ROWS past `limit` of them. */
export async function countSourceDays(
  engine: Engine,
  scope: Scope,
  query: CountQuery,
  limit: number,
  signal?: AbortSignal,
): Promise<SourceDay[]> {
  requireWithin('limit', limit, MAX_SOURCE_DAYS);
  const conditions = createConditions();
  if (!addScope(conditions, scope, query.tenant)) return [];
  addEventQuery(conditions, query);
  // The engine's own days wrap before 1970.
  const sql = `SELECT toString(source) AS store_name, floor(toUnixTimestamp64Milli(event_time) / ${DAY_MS}) AS store_day, count()
    FROM events WHERE ${whichOf(conditions, query)}
    GROUP BY store_name, store_day ORDER BY store_name, store_day LIMIT ${limit + 1}`;
  const rows = await engine.rows({ sql, params: conditions.params }, signal);
  if (rows.length > limit)
    throw new StoreError('STORE_LIMIT_ROWS', `there are more than ${limit} days of sources`);
  return rows.map((row) => ({
    source: stringAt(row, 0),
    fromMs: numberAt(row, 1) * DAY_MS,
    count: numberAt(row, 2),
  }));
}

function whichOf(conditions: ConditionBuilder, { asOf, since, versions }: CountQuery): string {
  if (asOf !== undefined) addAsOf(conditions, asOf);
  if (since !== undefined) addSince(conditions, since);
  if (versions === 'all') return conditions.sql();
  return `${conditions.sql()} AND ${asOf === undefined ? NOT_SUPERSEDED : notSupersededBy(AS_OF)}`;
}
