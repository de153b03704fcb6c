/**
 * The events released last, in their order, so that a reading that is not far behind can go on without asking the
 * store. The oldest go when there are too many.
 */
import type { Positions } from './interface.ts';
import type { TailedEvent } from './tailed-event.ts';

export interface ReleasedRing {
  add(event: TailedEvent): void;
  /** Forgets all; from these cuts on events are held again. */
  reset(cuts: Positions): void;
  /** Number of the oldest event held; they are numbered in order of release. */
  readonly first: number;
  /** Number the next event will get. */
  readonly next: number;
  at(number: number): TailedEvent | undefined;
  /** Whether every event released from these positions on is held, of the partitions wanted. */
  holdsFrom(next: Positions, isWanted: (partition: number) => boolean): boolean;
}

/** So many of the last ones keep what was parsed of them. */
const PARSED_EVENTS = 500;

export function createReleasedRing(limits: {
  readonly events: number;
  readonly bytes: number;
}): ReleasedRing {
  let events: (TailedEvent | undefined)[] = [];
  /** Index of the oldest in `events`. */
  let head = 0;
  /** Number of `events[0]`. */
  let base = 0;
  let bytes = 0;
  /** Per partition: from here on everything released is held. */
  const from = new Map<number, number>();

  function dropOldest(): void {
    const oldest = events[head];
    if (oldest === undefined) return;
    events[head] = undefined;
    head += 1;
    bytes -= oldest.text.length;
    from.set(oldest.partition, oldest.offset + 1);
    if (head > 1024 && head * 2 > events.length) {
      events = events.slice(head);
      base += head;
      head = 0;
    }
  }

  return {
    add(event) {
      events.push(event);
      bytes += event.text.length;
      events[events.length - 1 - PARSED_EVENTS]?.forget();
      while (events.length - head > limits.events || bytes > limits.bytes) dropOldest();
    },
    reset(cuts) {
      // A number more: who was at the end finds that it is not the end any more.
      base += events.length + 1;
      events = [];
      head = 0;
      bytes = 0;
      for (const [partition, cut] of cuts) from.set(partition, cut);
    },
    get first() {
      return base + head;
    },
    get next() {
      return base + events.length;
    },
    at: (number) => events[number - base],
    holdsFrom(next, isWanted) {
      for (const [partition, held] of from)
        if (isWanted(partition) && (next.get(partition) ?? 0) < held) return false;
      return true;
    },
  };
}
