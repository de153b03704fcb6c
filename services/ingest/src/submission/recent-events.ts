/**
 * Events this process took lately, so that a repeat (a client's retry) is answered `duplicate` at once and costs the
 * stream nothing. A help, not the guarantee: the store decides exactly, whatever this has forgotten.
 */
export interface RecentEvents {
  /** True when an event of this key and digest is known to be durable. */
  has(key: string, digest: string): boolean;
  /** To be called once the event is durable, never before: a repeat must not be answered on a promise. */
  add(key: string, digest: string): void;
}

/**
 * Remembers between `capacity` and twice as many events (default 100,000; about 25 MB) in two generations:
 * when the young one is full it becomes the old one, and the old one is forgotten.
 */
export function createRecentEvents(capacity = 100_000): RecentEvents {
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  return {
    has(key, digest) {
      return young.get(key) === digest || old.get(key) === digest;
    },
    add(key, digest) {
      if (young.size >= capacity) {
        old = young;
        young = new Map();
      }
      young.set(key, digest);
    },
  };
}
