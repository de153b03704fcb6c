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
  const after = { timeMs: around.timeMs, partition: around.partition, offset: around.offset };
  const found = new Map<string, StoredEvent>();
  for (const test of tests) {
    const reachMs = reachOf(test, windowMs);
    const within = { fromMs: around.timeMs - reachMs, toMs: around.timeMs + reachMs + 1 };
    for (const where of test.conditions) {
      const pages = await Promise.all(
        (['desc', 'asc'] as const).map((order) =>
          store.events(scope, { ...within, where, after, order, limit: limit + 1 }, signal),
        ),
      );
      for (const event of pages.flat()) found.set(`${event.partition} ${event.offset}`, event);
    }
  }
  const distanceOf = ({ timeMs }: StoredEvent): number => Math.abs(timeMs - around.timeMs);
  const nearest = [...found.values()].sort((a, b) => distanceOf(a) - distanceOf(b) || byPlace(a, b));
  const events = nearest
    .slice(0, limit)
    .sort(byPlace)
    .map((event) => {
      const parsed: unknown = JSON.parse(event.text);
      const relations = tests.flatMap((test) =>
        distanceOf(event) > reachOf(test, windowMs) ? [] : (test.relationOf(parsed) ?? []),
      );
      return { event, relations };
    });
  return { events, more: nearest.length > limit };
}

function reachOf({ kind }: RelationTest, windowMs: number): number {
  return kind === 'correlation' ? Math.max(windowMs, DAY_MS) : windowMs;
}

function byPlace(a: StoredEvent, b: StoredEvent): number {
  return a.timeMs - b.timeMs || a.partition - b.partition || a.offset - b.offset;
}
