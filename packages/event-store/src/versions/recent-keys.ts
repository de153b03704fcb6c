/**
 * What is known of the events stored last, so that the versions of one event that follow each other (pending, then
 * final) need no question to the store. Two generations: when the younger is full the older is dropped.
 */

/** What the writer has to know of an event to place its next version. */
export interface EventState {
  /** Offset of the row that is the merged event now. */
  currentOffset: number;
  /** That row is in the block being built, at this number; -1: it is stored. */
  currentRow: number;
  /** The block `currentRow` counts in. */
  block: number;
  /** No version with a final outcome yet. */
  pending: boolean;
  /** A version has a reporter chain. */
  hasChain: boolean;
  /** Digests of the versions, newest last; at most `MAX_DIGESTS`. */
  readonly digests: string[];
}

/**
 * An event with more versions than this has lost its identity (an emitter that gives every event one id); a repetition is then
 * recognized among the newest ones only.
 */
export const MAX_DIGESTS = 4096;

export function addDigest(state: EventState, digest: string): void {
  if (state.digests.length >= MAX_DIGESTS) state.digests.splice(0, MAX_DIGESTS / 2);
  state.digests.push(digest);
}

export interface RecentKeys {
  get(key: string): EventState | undefined;
  set(key: string, state: EventState): void;
  clear(): void;
}

/** Remembers at least `capacity` keys, at most twice as many. */
export function createRecentKeys(capacity: number): RecentKeys {
  let young = new Map<string, EventState>();
  let old = new Map<string, EventState>();
  return {
    get(key) {
      const state = young.get(key);
      if (state !== undefined) return state;
      const older = old.get(key);
      if (older !== undefined) young.set(key, older);
      return older;
    },
    set(key, state) {
      if (young.size >= capacity) {
        old = young;
        young = new Map();
      }
      young.set(key, state);
    },
    clear() {
      young = new Map();
      old = new Map();
    },
  };
}
