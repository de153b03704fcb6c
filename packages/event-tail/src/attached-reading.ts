/** A reading at the end of the stream: events come to it as they are released, and wait here for its caller. */
import { anchorsOf } from '@cadf-pipeline/event-filter';
import type { FollowOptions } from './interface.ts';
import type { Matcher } from './matcher.ts';
import type { IndexedReading } from './indexed-reading.ts';
import type { ReadingProgress } from './reading-progress.ts';
import type { TailedEvent } from './tailed-event.ts';
import type { Wake } from './wake.ts';

/** Texts that wait in all readings together; many readings share the same bytes, which are counted for each. */
export interface QueueBudget {
  bytes: number;
  readings: number;
}

export interface AttachedReading extends IndexedReading {
  readonly matcher: Matcher;
  /** False once it was let go because too much waited, or the tail lost its thread. */
  readonly isAttached: boolean;
  /** Number of the first event that it was not given; undefined where it did not fall behind by itself. */
  readonly behindFrom: number | undefined;
  /** The first events that wait, as many as there is room for; empty where none do. */
  take(room: { readonly events: number; readonly bytes: number }): readonly TailedEvent[];
  readonly isEmpty: boolean;
  /** Forgets what waits: it is read again from elsewhere. */
  letGo(): void;
  /** The cut moved; for readings that have an end. */
  cutMoved(): void;
  /** Asks for the rights; where they are gone, `take` throws. */
  checkRights(): void;
}

const MAX_EVENTS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** Of all readings; past it those go back to the store that have more than their share. */
const MAX_BYTES_OF_ALL = 256 * 1024 * 1024;

export function createAttachedReading(
  options: FollowOptions,
  parts: {
    readonly matcher: Matcher;
    readonly progress: ReadingProgress;
    readonly wake: Wake;
    readonly budget: QueueBudget;
  },
): AttachedReading {
  const { matcher, progress, wake, budget } = parts;
  let queue: TailedEvent[] = [];
  let head = 0;
  let bytes = 0;
  let isAttached = true;
  let behindFrom: number | undefined;
  let fault: unknown;
  budget.readings += 1;

  function isTooMuch(): boolean {
    if (queue.length - head >= MAX_EVENTS || bytes > MAX_BYTES) return true;
    return budget.bytes > MAX_BYTES_OF_ALL && bytes > MAX_BYTES_OF_ALL / budget.readings;
  }

  function letGo(): void {
    if (!isAttached) return;
    isAttached = false;
    budget.readings -= 1;
    budget.bytes -= bytes;
    queue = [];
    head = 0;
    bytes = 0;
    wake.wake();
  }

  return {
    anchors: options.filter === undefined ? undefined : anchorsOf(options.filter),
    source: options.source,
    matcher,
    get isAttached() {
      return isAttached;
    },
    get behindFrom() {
      return behindFrom;
    },
    offer(event) {
      if (!isAttached || !progress.isAhead(event) || !matcher.passes(event)) return;
      if (isTooMuch()) {
        behindFrom = queue[head]?.number;
        letGo();
        return;
      }
      // Of a fetch the queue may hold one event, the ring holds all.
      event.detach();
      queue.push(event);
      bytes += event.text.length;
      budget.bytes += event.text.length;
      wake.wake();
    },
    take(room) {
      if (fault !== undefined) throw fault;
      const taken: TailedEvent[] = [];
      let size = 0;
      while (head < queue.length && taken.length < room.events) {
        const event = queue[head];
        if (event === undefined) break;
        if (taken.length > 0 && size + event.text.length > room.bytes) break;
        head += 1;
        bytes -= event.text.length;
        budget.bytes -= event.text.length;
        progress.pass(event);
        // Its rights may be others than when the event came.
        if (!matcher.reaches(event)) continue;
        size += event.text.length;
        taken.push(event);
      }
      if (head === queue.length) {
        queue = [];
        head = 0;
      }
      return taken;
    },
    get isEmpty() {
      return head === queue.length;
    },
    letGo,
    cutMoved() {
      if (options.upto !== undefined) wake.wake();
    },
    checkRights() {
      try {
        matcher.refresh();
      } catch (error) {
        fault = error;
        wake.wake();
      }
    },
  };
}
