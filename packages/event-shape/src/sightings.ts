/**
 * Counts structures that have no template yet, by hash, in bounded memory: two generations of at most `capacity`
 * hashes; when the younger is full the older is forgotten.
 */
export interface Sightings {
  /** Counts one sighting; answers how many there were, this one included. */
  count(hash: number): number;
  /** The structure can have no template: its count starts far below zero. */
  refuse(hash: number): void;
  forget(): void;
}

export function createSightings(capacity: number): Sightings {
  let young = new Map<number, number>();
  let old = new Map<number, number>();
  const set = (hash: number, sightings: number): void => {
    if (young.size >= capacity && !young.has(hash)) {
      old = young;
      young = new Map();
    }
    young.set(hash, sightings);
  };
  return {
    count(hash) {
      const sightings = (young.get(hash) ?? old.get(hash) ?? 0) + 1;
      set(hash, sightings);
      return sightings;
    },
    refuse(hash) {
      set(hash, Number.MIN_SAFE_INTEGER);
    },
    forget() {
      young = new Map();
      old = new Map();
    },
  };
}
