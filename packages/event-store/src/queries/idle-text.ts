/** Leaving out what a condition asks of texts, where the columns decide all rows there are. */
import type { Engine } from '../engine/engine.ts';
import { numberAt, onlyRow } from '../engine/rows.ts';
import type { EventQuery, Scope } from '../interface.ts';
import { addEventQuery, addScope, createConditions } from './event-conditions.ts';
import type { ConditionBuilder } from './event-conditions.ts';

/**
 * The same query, its condition without text when none of the rows that `addRows` leaves needs one: nearly always, as only odd events
 * do. Planning the text's part takes the engine about 0.2 s each time, however few rows need it; looking takes a glance
 * at the columns once. For reads of many statements.
 */
export async function withoutIdleText<Q extends EventQuery>(
  engine: Engine,
  scope: Scope,
  query: Q,
  addRows: (conditions: ConditionBuilder) => void,
  signal: AbortSignal | undefined,
): Promise<Q> {
  const { where } = query;
  if (where?.text === undefined || where.text.decided === '0') return query;
  const { params, sql, text } = where;
  const conditions = createConditions();
  addScope(conditions, scope, query.tenant);
  addRows(conditions);
  addEventQuery(conditions, { ...query, where: { sql: `(${sql}) AND NOT (${text.decided})`, params } });
  const rows = await engine.rows(
    {
      sql: `SELECT count() FROM (SELECT 1 FROM events WHERE ${conditions.sql()} LIMIT 1)`,
      params: conditions.params,
    },
    signal,
  );
  const undecided = numberAt(onlyRow(rows), 0);
  return undecided > 0 ? query : { ...query, where: { sql, params } };
}
