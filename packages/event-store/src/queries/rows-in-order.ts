/** Rows of events in the order of pages and streams: which, and how many at most. */
import type { Scope, StreamQuery } from '../interface.ts';
import {
  addAfter,
  addAsOf,
  addEventQuery,
  addScope,
  addSince,
  createConditions,
} from './event-conditions.ts';

export interface RowsInOrder {
  /** What follows the columns: `FROM events WHERE … ORDER BY … LIMIT …`. */
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Of merged events the rows that were superseded are among them: what hides them may come later. */
export function rowsInOrder(scope: Scope, query: Omit<StreamQuery, 'limit'>, limit: number): RowsInOrder {
  const conditions = createConditions();
  addScope(conditions, scope, query.tenant);
  addEventQuery(conditions, query);
  if (query.after !== undefined) addAfter(conditions, query.after, query.order);
  if (query.asOf !== undefined) addAsOf(conditions, query.asOf);
  if (query.since !== undefined) addSince(conditions, query.since);
  if (query.versions !== 'all') conditions.add('hidden = 0');
  const order = query.order === 'asc' ? 'ASC' : 'DESC';
  return {
    sql: `FROM events
      WHERE ${conditions.sql()}
      ORDER BY event_time ${order}, partition ${order}, offset ${order}
      LIMIT {store_limit: UInt32}`,
    params: { ...conditions.params, store_limit: limit },
  };
}
