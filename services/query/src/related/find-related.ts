import { sqlCondition } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import type { EventStore, Scope, StoredEvent } from '@cadf-pipeline/event-store';
import { relationTests } from './relations.ts';
import type { Relation, RelationKind, RelationTest } from './relations.ts';

export interface RelatedEvent {
  readonly event: StoredEvent;
  readonly relations: readonly Relation[];
}

export interface Related {
  /** In order of time. */
  readonly events: readonly RelatedEvent[];
  /** There are more within the window; those are the nearest in time. */
  readonly more: boolean;
}

export interface RelatedQuery {
  readonly kinds: readonly RelationKind[];
  /** To each side of the event's time. What correlates is looked for a day to each side at least. */
  readonly windowMs: number;
  readonly limit: number;
}

const DAY_MS = 86_400_000;

/** Events of the scope that share something with one, which is left out. */
export async function findRelated(
  store: EventStore,
  scope: Scope,
  around: StoredEvent,
  { kinds, limit, windowMs }: RelatedQuery,
  signal: AbortSignal,
): Promise<Related> {
  const tests = relationTests(JSON.parse(around.text), kinds);
  if (tests.length === 0) return { events: [], more: false };
  const reach = (test: RelationTest): number =>
    test.kind === 'correlation' ? Math.max(windowMs, DAY_MS) : windowMs;
  const widest = Math.max(...tests.map(reach));
  const terms = tests.map((test) => within(test.filter, around.timeMs, reach(test), widest));
  const [only, ...others] = terms;
  if (only === undefined) return { events: [], more: false };
  const filter: Filter = others.length === 0 ? only : { kind: 'or', terms };
  const query = {
    where: sqlCondition(filter),
    fromMs: around.timeMs - widest,
    toMs: around.timeMs + widest + 1,
    after: { timeMs: around.timeMs, partition: around.partition, offset: around.offset },
    limit: limit + 1,
  };
  const [before, behind] = await Promise.all(
    (['desc', 'asc'] as const).map((order) => store.events(scope, { ...query, order }, signal)),
  );
  const nearest = [...(before ?? []), ...(behind ?? [])].sort(
    (a, b) => Math.abs(a.timeMs - around.timeMs) - Math.abs(b.timeMs - around.timeMs),
  );
  const events = nearest
    .slice(0, limit)
    .sort((a, b) => a.timeMs - b.timeMs || a.partition - b.partition || a.offset - b.offset)
    .map((event) => {
      const parsed: unknown = JSON.parse(event.text);
      const distance = Math.abs(event.timeMs - around.timeMs);
      const relations = tests.flatMap((test) =>
        distance > reach(test) ? [] : (test.relationOf(parsed) ?? []),
      );
      return { event, relations };
    });
  return { events, more: nearest.length > limit };
}

/** Only as far in time as the kind reaches, where others reach further. */
function within(filter: Filter, timeMs: number, reachMs: number, widestMs: number): Filter {
  if (reachMs === widestMs) return filter;
  const bound = (operator: '>=' | '<=', ms: number): Filter => ({
    kind: 'compare',
    path: ['eventTime'],
    operator,
    value: { kind: 'time', text: new Date(ms).toISOString(), ms },
  });
  return { kind: 'and', terms: [bound('>=', timeMs - reachMs), bound('<=', timeMs + reachMs), filter] };
}
