/** A reading as the index knows it. */
import type { Anchor } from '@cadf-pipeline/event-filter';
import type { TailedEvent } from './tailed-event.ts';

export interface IndexedReading {
  /** One of which an event needs to be for it; undefined: nothing is known that it needs. */
  readonly anchors: readonly Anchor[] | undefined;
  readonly source: string | undefined;
  /** May be for it: whether it is, the reading finds out. */
  offer(event: TailedEvent): void;
}

/** Its place in the index. */
export interface Slot {
  readonly reading: IndexedReading;
  readonly tenants: readonly string[];
  /** When it was found last. */
  turn: number;
}
