import type { Engine } from '../engine/engine.ts';
import { numberAt, onlyRow } from '../engine/rows.ts';
import type { EventQuery, Scope } from '../interface.ts';
import { addEventQuery, addScope, createConditions } from './event-conditions.ts';
import { NOT_SUPERSEDED } from './merged.ts';

/** How many events (or, with `versions: 'all'`, versions) a query finds. */
export async function countEvents(
  engine: Engine,
  scope: Scope,
  query: EventQuery,
  signal?: AbortSignal,
): Promise<number> {
  const conditions = createConditions();
  if (!addScope(conditions, scope, query.tenant)) return 0;
  addEventQuery(conditions, query);
  const all = query.versions === 'all';
  // Each `supersedes` names one row that is not hidden, so that without a filter there is nothing to look up.
  const sql =
    conditions.empty && !all
      ? 'SELECT count() - countIf(hidden = 1) - countIf(supersedes > 0) FROM events'
      : `SELECT count() FROM events WHERE ${conditions.sql()}${all ? '' : ` AND ${NOT_SUPERSEDED}`}`;
  const rows = await engine.rows({ sql, params: conditions.params }, signal);
  return numberAt(onlyRow(rows), 0);
}
