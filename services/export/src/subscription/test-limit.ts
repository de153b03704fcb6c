/** How often the owner of subscriptions may have a test sent: each makes this system call where the owner says. */

/** Tests at once, and milliseconds until one more may be sent. */
const BURST = 5;
const REFILL_MS = 12_000;
/** Owners remembered; those that sent none for longest are forgotten first. */
const MAX_OWNERS = 10_000;

export interface TestLimit {
  /** Counts one test; answers seconds to wait where there are none left, else 0. */
  take(owner: string): number;
}

/** A bucket of tests per owner. `now`: milliseconds since 1970 UTC. */
export function createTestLimit(now: () => number): TestLimit {
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>();
  return {
    take(owner) {
      const nowMs = now();
      const bucket = buckets.get(owner) ?? { left: BURST, atMs: nowMs };
      // A clock that was put back gives nothing, and takes nothing.
      const left = Math.min(BURST, bucket.left + Math.max(0, nowMs - bucket.atMs) / REFILL_MS);
      if (left < 1) return Math.ceil(((1 - left) * REFILL_MS) / 1000);
      buckets.delete(owner);
      buckets.set(owner, { left: left - 1, atMs: nowMs });
      const oldest = buckets.keys().next();
      if (buckets.size > MAX_OWNERS && oldest.done !== true) buckets.delete(oldest.value);
      return 0;
    },
  };
}
