/** Reading what a store accepted, with what holds of every answer. */
import { expect } from 'vitest';
import type { AcceptedEvent, AcceptedQuery, EventStore, Scope } from '@cadf-pipeline/event-store';
import { EVERYONE } from './store-suite.ts';

export const FROM_START: ReadonlyMap<number, number> = new Map();
/** Past every offset of the tests. */
export const ALL: ReadonlyMap<number, number> = new Map([0, 1, 2].map((partition) => [partition, 1e9]));

export async function accepted(
  store: EventStore,
  query: Partial<AcceptedQuery> = {},
  scope: Scope = EVERYONE,
): Promise<AcceptedEvent[]> {
  const events: AcceptedEvent[] = [];
  const { from, upto, ...asked } = { from: FROM_START, upto: ALL, ...query };
  const next = new Map(from);
  for await (const block of store.accepted(scope, { from, upto, ...asked })) {
    expect(block.events.length).toBeLessThanOrEqual(query.blockEvents ?? 500);
    // Nothing comes of what is said to have been looked through.
    for (const { partition, offset } of block.events) {
      expect(offset).toBeGreaterThanOrEqual(next.get(partition) ?? 0);
      next.set(partition, offset + 1);
    }
    for (const [partition, offset] of block.reached ?? []) {
      expect(offset).toBeGreaterThanOrEqual(next.get(partition) ?? 0);
      expect(offset).toBeLessThanOrEqual(upto.get(partition) ?? 0);
      next.set(partition, offset);
    }
    events.push(...block.events);
  }
  return events;
}

export function placesOf(
  events: readonly { readonly partition: number; readonly offset: number }[],
): string[] {
  return events.map(({ partition, offset }) => `${partition}/${offset}`);
}

/** For a machine that does much else. */
export const ROOM_MS = 180_000;
