/** How far a reading has come, and where it ends. */
import { batchOf, placeAt } from './tail-place.ts';
import type { FollowOptions, Positions, TailBatch, TailEvent, TailPlace } from './interface.ts';

export interface ReadingProgress {
  readonly next: Positions;
  /** Not given before and not behind the end. */
  isAhead(event: { readonly partition: number; readonly offset: number }): boolean;
  /** Everything up to the event was given, or is not for the reading. */
  pass(event: { readonly partition: number; readonly offset: number }): void;
  /** The same of all positions before these. */
  passTo(cuts: Positions): void;
  /** Whether events of the partition are wanted: before the end. */
  readonly isWanted: (partition: number) => boolean;
  /** At most `cut`: the end, where that is before. */
  endOf(partition: number, cut: number): number;
  isDone(): boolean;
  place(): TailPlace;
  /** Events that were passed since `before`. */
  batch(events: readonly TailEvent[], before: Positions, isLive: boolean): TailBatch;
}

export function createReadingProgress({ from, upto }: Pick<FollowOptions, 'from' | 'upto'>): ReadingProgress {
  const next = new Map(from.next);
  const { backfill } = from;
  const endOf = (partition: number, cut: number): number =>
    upto === undefined ? cut : Math.min(cut, upto.get(partition) ?? 0);
  const place = (): TailPlace => placeAt(new Map(next), backfill);
  return {
    next,
    isAhead: ({ partition, offset }) =>
      offset >= (next.get(partition) ?? 0) && offset < endOf(partition, Infinity),
    pass({ partition, offset }) {
      next.set(partition, offset + 1);
    },
    passTo(cuts) {
      for (const [partition, cut] of cuts) {
        const end = endOf(partition, cut);
        if (end > (next.get(partition) ?? 0)) next.set(partition, end);
      }
    },
    isWanted: (partition) => endOf(partition, Infinity) > (next.get(partition) ?? 0),
    endOf,
    isDone() {
      if (upto === undefined) return false;
      for (const [partition, end] of upto) if ((next.get(partition) ?? 0) < end) return false;
      return true;
    },
    place,
    batch: (events, before, isLive) => ({ ...batchOf(events, before, place(), backfill), isLive }),
  };
}
