/**
 * Where the reading of a partition goes on after a restart, so that the outcomes are the same again.
 *
 * Of one sender that is the last place where its normalizer held nothing. Senders share a partition, though: at the
 * place of the one that has waited longest, another may have been in the midst of something that is done since. Its
 * records up to the end of that have had their outcomes and are *skipped*.
 */
export interface ReplayPlace {
  /** The offset to read from. */
  readonly at: number;
  /** By key: records of a sender before this offset are left out. Only offsets behind `at`. */
  readonly skip: ReadonlyMap<string, number>;
}

/** A sender whose normalizer holds something; `older` and `newer` chain the open ones by where they were opened. */
interface Opening {
  readonly key: string;
  readonly from: number;
  readonly sinceMs: number;
  older: Opening | undefined;
  newer: Opening | undefined;
  /** Senders that were open at `from` and are not any more: where they held nothing again. */
  overlapped: Map<string, number> | undefined;
}

export interface OpenPlaces {
  /** A sender holds something since its record at this offset; offsets only grow. No effect when it is open already. */
  open(key: string, from: number, nowMs: number): void;
  /** It holds nothing before this offset. No effect when it is not open. */
  close(key: string, next: number): void;
  /** Since when a sender is open; undefined: it is not. */
  opening(key: string): { readonly sinceMs: number; readonly from: number } | undefined;
  /** Whether a record's outcome is durable from before the restart. */
  isSkipped(key: string, offset: number): boolean;
  /** The place, where everything before `next` was read. */
  place(next: number): ReplayPlace;
  /** Open senders, the one open for longest first. */
  keys(): readonly string[];
}

/** `start`: where the reading begins. */
export function createOpenPlaces(start: ReplayPlace): OpenPlaces {
  const openings = new Map<string, Opening>();
  const skip = new Map(start.skip);
  let oldest: Opening | undefined;
  let newest: Opening | undefined;

  return {
    open(key, from, sinceMs) {
      if (openings.has(key)) return;
      const opening: Opening = {
        key,
        from,
        sinceMs,
        older: newest,
        newer: undefined,
        overlapped: undefined,
      };
      if (newest === undefined) oldest = opening;
      else newest.newer = opening;
      newest = opening;
      openings.set(key, opening);
    },
    close(key, next) {
      const opening = openings.get(key);
      if (opening === undefined) return;
      openings.delete(key);
      const { older, newer } = opening;
      if (older === undefined) oldest = newer;
      else older.newer = newer;
      if (newer === undefined) newest = older;
      else newer.older = older;
      // Only those opened in the meantime can become the place while this one would be in its midst.
      for (let later = newer; later !== undefined; later = later.newer)
        (later.overlapped ??= new Map()).set(key, next);
    },
    opening: (key) => openings.get(key),
    isSkipped(key, offset) {
      const until = skip.size === 0 ? undefined : skip.get(key);
      return until !== undefined && offset < until;
    },
    place(next) {
      const at = oldest?.from ?? next;
      const left = new Map(oldest?.overlapped);
      for (const [key, until] of skip) {
        if (until > at) left.set(key, until);
        else skip.delete(key);
      }
      return { at, skip: left };
    },
    keys() {
      const keys: string[] = [];
      for (let opening = oldest; opening !== undefined; opening = opening.newer) keys.push(opening.key);
      return keys;
    },
  };
}
