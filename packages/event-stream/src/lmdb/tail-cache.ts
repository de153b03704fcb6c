import type { EncodedFrame } from './frame-encode.ts';

/** The frames committed last, kept in memory so that readers near the end need not ask the database. */
export interface TailCache {
  /** Adds a committed frame of a partition (`slot` is the partition's own number in the cache). */
  add(slot: PartitionTail, frame: EncodedFrame): void;
  /** Forgets a partition's frames that end at or before `offset`. */
  dropBelow(slot: PartitionTail, offset: number): void;
  readonly bytes: number;
}

/** A partition's cached frames: consecutive, ascending, ending at the partition's end. */
export interface PartitionTail {
  frames: (EncodedFrame | undefined)[];
  /** Index of the oldest frame still held; what is before it was evicted. */
  head: number;
}

export function createPartitionTail(): PartitionTail {
  return { frames: [], head: 0 };
}

/** The cached frame that holds `offset`, or undefined when it is older than the cache or not written yet. */
export function findInTail(tail: PartitionTail, offset: number): EncodedFrame | undefined {
  let low = tail.head;
  let high = tail.frames.length;
  const oldest = tail.frames[low];
  if (oldest === undefined || offset < oldest.base) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    const frame = tail.frames[middle];
    if (frame !== undefined && frame.base <= offset) low = middle;
    else high = middle;
  }
  const found = tail.frames[low];
  return found !== undefined && offset < found.base + found.count ? found : undefined;
}

/** A cache of at most `limitBytes`; the frame added first goes first, whatever its partition. */
export function createTailCache(limitBytes: number): TailCache {
  let order: ({ tail: PartitionTail; frame: EncodedFrame } | undefined)[] = [];
  let head = 0;
  let bytes = 0;

  function evictOldest(): void {
    const oldest = order[head];
    order[head] = undefined; // Lets go of the memory before the array is cut.
    head += 1;
    if (oldest === undefined) return;
    // A frame that dropBelow already took is no longer at its partition's head.
    if (oldest.tail.frames[oldest.tail.head] === oldest.frame) removeHead(oldest.tail);
    if (head > 1024 && head * 2 > order.length) {
      order = order.slice(head);
      head = 0;
    }
  }

  function removeHead(tail: PartitionTail): void {
    bytes -= tail.frames[tail.head]?.bytes.length ?? 0;
    tail.frames[tail.head] = undefined;
    tail.head += 1;
    if (tail.head > 256 && tail.head * 2 > tail.frames.length) {
      tail.frames = tail.frames.slice(tail.head);
      tail.head = 0;
    }
  }

  return {
    add(tail, frame) {
      tail.frames.push(frame);
      order.push({ tail, frame });
      bytes += frame.bytes.length;
      while (bytes > limitBytes && head < order.length) evictOldest();
    },
    dropBelow(tail, offset) {
      for (;;) {
        const frame = tail.frames[tail.head];
        if (frame === undefined || frame.base + frame.count > offset) return;
        removeHead(tail);
      }
    },
    get bytes() {
      return bytes;
    },
  };
}
