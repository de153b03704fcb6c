/** The last attempts of each subscription, in bounded memory: of one, and of all together. */
import type { AttemptRecord } from './attempt-record.ts';

export interface AttemptRings {
  add(subscription: string, attempt: AttemptRecord): void;
  /** The newest first, at most `limit`. */
  last(subscription: string, limit: number): readonly AttemptRecord[];
}

/** `ofOne` of each subscription; `ofAll` together, of which the oldest go first. */
export function createAttemptRings(ofOne = 100, ofAll = 50_000): AttemptRings {
  const rings = new Map<string, AttemptRecord[]>();
  /** Whose attempt came when; may name some that have gone from their ring already. */
  let order: string[] = [];
  let start = 0;
  let held = 0;

  function dropFirst(subscription: string): void {
    const ring = rings.get(subscription);
    if (ring === undefined) return;
    ring.shift();
    held--;
    if (ring.length === 0) rings.delete(subscription);
  }

  function dropOldest(): void {
    const oldest = order[start++];
    if (oldest !== undefined) dropFirst(oldest);
    if (start < ofAll) return;
    order = order.slice(start);
    start = 0;
  }

  return {
    add(subscription, attempt) {
      const ring = rings.get(subscription) ?? [];
      rings.set(subscription, ring);
      ring.push(attempt);
      held++;
      if (ring.length > ofOne) {
        // Its place in the order passes to the next one of the same ring: there is one in the order for each that is held.
        ring.shift();
        held--;
      } else order.push(subscription);
      while (held > ofAll) dropOldest();
    },
    last: (subscription, limit) => (rings.get(subscription) ?? []).slice(-limit).toReversed(),
  };
}
