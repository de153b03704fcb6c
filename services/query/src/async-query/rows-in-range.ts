/** How much an asynchronous query has to go through, for telling how far it is. */
import type { EventStore } from '@cadf-pipeline/event-store';
import type { EventQuestion } from '../event-query/question.ts';

/** Rows of a range of time, superseded versions included. */
export interface RowsInRange {
  /** The caller may see these. */
  readonly own: number;
  /** The engine reads these. */
  readonly all: number;
}

export async function countRowsInRange(
  store: EventStore,
  { query, scope }: EventQuestion,
  signal: AbortSignal,
): Promise<RowsInRange> {
  const range = {
    versions: 'all' as const,
    ...(query.fromMs === undefined ? {} : { fromMs: query.fromMs }),
    ...(query.toMs === undefined ? {} : { toMs: query.toMs }),
  };
  const everyone = store.count({ tenants: '*' }, range, signal);
  const callers = scope.tenants === '*' ? everyone : store.count(scope, range, signal);
  const [own, all] = await Promise.all([callers, everyone]);
  return { own, all };
}
