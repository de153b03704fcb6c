/**
 * Where a reader may start again so that a new normalizer gives the same outcomes: behind a record after which nothing
 * was held, or before the first of the records that are still open, where these are all that is held and no other record
 * came between them (the lines of a record that is not known to be whole yet).
 */
import type { Normalizer, Outcome, RawRecord } from '../source.ts';

export interface RestartPlace<Place> {
  /** A record was pushed and gave outcomes; `before` and `behind` make the places around it. */
  pushed(record: RawRecord, outcomes: readonly Outcome[], before: () => Place, behind: () => Place): void;
  /** The best place by now that was not taken yet. */
  take(): Place | undefined;
  /** Whether records are without outcome, and nothing but these is held: the normalizer may be flushed. */
  isOnlyOpen(): boolean;
  /** The normalizer was flushed. */
  flushed(): void;
}

interface Open<Place> {
  readonly number: number;
  readonly before: () => Place;
}

export function createRestartPlace<Place>(normalizer: Pick<Normalizer, 'held'>): RestartPlace<Place> {
  const open = new Map<RawRecord, Open<Place>>();
  let count = 0;
  let best: (() => Place) | undefined;
  const isOnlyOpen = (): boolean => open.size > 0 && normalizer.held === open.size;

  return {
    isOnlyOpen,
    flushed: () => open.clear(),
    pushed(record, outcomes, before, behind) {
      open.set(record, { number: count++, before });
      for (const outcome of outcomes) for (const done of outcome.records) open.delete(done);
      if (normalizer.held > 0) return;
      open.clear();
      best = behind;
    },
    take() {
      const [first] = open.values();
      const isInARow = first !== undefined && first.number + open.size === count;
      if (isInARow && isOnlyOpen()) best = first.before;
      const place = best?.();
      best = undefined;
      return place;
    },
  };
}
