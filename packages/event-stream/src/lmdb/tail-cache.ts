import type { AppendRecord, RecordHeaders, StreamRecord } from '../interface.ts';
import { isFull, type RecordSink } from './record-sink.ts';

/** A committed frame as its records were appended: nothing has to be decoded, and no bytes are copied. */
export interface TailFrame {
  readonly base: number;
  readonly records: readonly AppendRecord[];
  readonly headers: RecordHeaders;
  readonly timestampMs: number;
  /** As they are delivered: made when the first reader comes to them, the same objects for all. */
  readonly delivered: StreamRecord[];
  /** Bytes of memory it holds on to. */
  readonly cost: number;
}

/** The frames committed last, kept in memory so that readers near the end need not ask the database. */
export interface TailCache {
  /** Adds a committed frame of a partition (`slot` is the partition's own number in the cache). */
  add(slot: PartitionTail, frame: TailFrame): void;
  /** Forgets a partition's frames that end at or before `offset`. */
  dropBelow(slot: PartitionTail, offset: number): void;
  readonly bytes: number;
}

/** A partition's cached frames: consecutive, ascending, ending at the partition's end. */
export interface PartitionTail {
  frames: (TailFrame | undefined)[];
  /** Index of the oldest frame still held; what is before it was evicted. */
  head: number;
}

export function createPartitionTail(): PartitionTail {
  return { frames: [], head: 0 };
}

/** The cached frame that holds `offset`, or undefined when it is older than the cache or not written yet. */
export function findInTail(tail: PartitionTail, offset: number): TailFrame | undefined {
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
  return found !== undefined && offset < found.base + found.records.length ? found : undefined;
}

/** Delivers a cached frame's records from `fromOffset` on until the sink is full; answers the offset to go on from. */
export function deliverTail(
  frame: TailFrame,
  partition: number,
  fromOffset: number,
  sink: RecordSink,
): number {
  const { base, records } = frame;
  for (let i = fromOffset - base; i < records.length; i += 1) {
    const record = deliveredRecord(frame, partition, i);
    if (record === undefined) break;
    const size = record.value?.length ?? 0;
    if (sink.records.length > 0 && sink.bytes + size > sink.maxBytes) {
      sink.full = true;
      return base + i;
    }
    sink.records.push(record);
    sink.bytes += size;
    if (isFull(sink)) return base + i + 1;
  }
  return base + records.length;
}

function deliveredRecord(
  { base, records, headers, timestampMs, delivered }: TailFrame,
  partition: number,
  index: number,
): StreamRecord | undefined {
  const known = delivered[index];
  const record = records[index];
  if (known !== undefined || record === undefined) return known;
  const { key, value } = record;
  const made: StreamRecord = {
    partition,
    offset: base + index,
    key,
    value:
      value === null || Buffer.isBuffer(value)
        ? value
        : Buffer.from(value.buffer, value.byteOffset, value.length),
    headers: record.headers === undefined ? headers : { ...headers, ...record.headers },
    timestampMs,
  };
  delivered[index] = made;
  return made;
}

/** A cache of at most `limitBytes`; the frame added first goes first, whatever its partition. */
export function createTailCache(limitBytes: number): TailCache {
  let order: ({ tail: PartitionTail; frame: TailFrame } | undefined)[] = [];
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
    bytes -= tail.frames[tail.head]?.cost ?? 0;
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
      bytes += frame.cost;
      while (bytes > limitBytes && head < order.length) evictOldest();
    },
    dropBelow(tail, offset) {
      for (;;) {
        const frame = tail.frames[tail.head];
        if (frame === undefined || frame.base + frame.records.length > offset) return;
        removeHead(tail);
      }
    },
    get bytes() {
      return bytes;
    },
  };
}
