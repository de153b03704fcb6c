/** Places of readings as they move on. */
import type { Positions, TailBatch, TailEvent, TailPlace } from './interface.ts';

/** The place at these positions; a backfill that is behind is left out. */
export function placeAt(next: Positions, backfill: TailPlace['backfill']): TailPlace {
  if (backfill === undefined) return { next };
  const isBehind = [...backfill.until].every(([partition, until]) => (next.get(partition) ?? 0) >= until);
  return isBehind ? { next } : { next, backfill };
}

/**
 * A batch of events that follow `before`, with `place` after all of them. Places in between are told cheapest one
 * after the other.
 */
export function batchOf(
  events: readonly TailEvent[],
  before: Positions,
  place: TailPlace,
  backfill: TailPlace['backfill'],
): Omit<TailBatch, 'isLive'> {
  let passed = 0;
  let at = before;
  return {
    events,
    place,
    placeAfter(index) {
      if (index >= events.length - 1) return place;
      if (index + 1 < passed) {
        passed = 0;
        at = before;
      }
      const next = new Map(at);
      for (; passed <= index; passed++) {
        const event = events[passed];
        if (event !== undefined) next.set(event.partition, event.offset + 1);
      }
      at = next;
      return placeAt(next, backfill);
    },
  };
}
