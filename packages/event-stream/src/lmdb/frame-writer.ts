import { StreamError } from '../errors.ts';
import { type EncodedAppend, placeEncoded } from './frame-encode.ts';
import type { FrameChange, FrameStore } from './frame-store.ts';
import type { TailCache } from './tail-cache.ts';
import { loadPartition, type PartitionState, type TopicState, wake } from './topic-state.ts';

/** Most bytes committed in one transaction, so that the first of a burst does not wait for all of it. */
const MAX_GROUP_BYTES = 32 * 1024 * 1024;
/** A record's objects in memory beside its value, roughly. */
const RECORD_OBJECT_BYTES = 600;

interface Job {
  readonly topic: TopicState;
  readonly append: EncodedAppend;
  readonly resolve: () => void;
  readonly reject: (error: StreamError) => void;
}

export interface FrameWriter {
  /** Resolves once the frames are synced to disk; each frame then has its `base`. Rejects with `STREAM_UNAVAILABLE`. */
  write(topic: TopicState, append: EncodedAppend): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** The error of the last commit, or undefined when it went well. */
  lastError(): StreamError | undefined;
}

/**
 * Group commit. Appends queue; one transaction at a time takes what has queued up and is synced, during which
 * the next group collects. Offsets are given when a group starts, so a failed group leaves no gap.
 */
export function createFrameWriter(store: FrameStore, tail: TailCache): FrameWriter {
  let queue: Job[] = [];
  let running: Promise<void> | undefined;
  let failure: StreamError | undefined;

  async function run(): Promise<void> {
    // Everything that arrives in this turn of the event loop joins the first group.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (queue.length > 0) await commit(takeGroup());
    running = undefined;
  }

  function takeGroup(): Job[] {
    let bytes = 0;
    let count = 0;
    for (const job of queue) {
      if (count > 0 && bytes >= MAX_GROUP_BYTES) break;
      for (const frame of job.append.frames) bytes += frame.bytes.length;
      count += 1;
    }
    const group = queue.slice(0, count);
    queue = count === queue.length ? [] : queue.slice(count);
    return group;
  }

  async function commit(group: readonly Job[]): Promise<void> {
    const ends = new Map<PartitionState, { next: number; bytesEnd: number }>();
    const changes: FrameChange[] = [];
    for (const { topic, append } of group)
      for (const frame of append.frames) {
        const partition = partitionState(topic, frame.partition);
        let end = ends.get(partition);
        if (end === undefined)
          ends.set(partition, (end = { next: partition.next, bytesEnd: partition.bytesEnd }));
        placeEncoded(frame, end.next, end.bytesEnd);
        changes.push({
          kind: 'put-frame',
          topicId: topic.id,
          partition: frame.partition,
          base: end.next,
          bytes: frame.bytes,
        });
        end.next += frame.records.length;
        end.bytesEnd += frame.bytes.length;
      }
    try {
      await store.write(changes);
    } catch (error) {
      failure = new StreamError(
        'STREAM_UNAVAILABLE',
        `the stream could not be written to disk (is it full?): ${reason(error)}`,
        { cause: error },
      );
      // Not known how far it came: the database says where the ends are.
      reload(group);
      for (const { append, reject } of group) {
        append.release();
        reject(failure);
      }
      return;
    }
    failure = undefined;
    for (const [partition, end] of ends) Object.assign(partition, end);
    const topics = new Set<TopicState>();
    for (const { topic, append, resolve } of group) {
      keepInTail(topic, append);
      append.release();
      topics.add(topic);
      resolve();
    }
    for (const topic of topics) wake(topic);
  }

  function keepInTail(topic: TopicState, append: EncodedAppend): void {
    const { headers, timestampMs } = append;
    const held = heldMemory(append);
    let encoded = 0;
    for (const { bytes } of append.frames) encoded += bytes.length;
    for (const { partition, base, records, bytes } of append.frames) {
      const cost = (bytes.length / encoded) * held + records.length * RECORD_OBJECT_BYTES;
      tail.add(partitionState(topic, partition).tail, {
        base,
        records,
        headers,
        timestampMs,
        delivered: [],
        cost,
      });
    }
  }

  function reload(group: readonly Job[]): void {
    for (const { topic, append } of group)
      for (const frame of append.frames) {
        const partition = partitionState(topic, frame.partition);
        const { next, bytesEnd } = loadPartition(store, topic.id, partition.index);
        // The cache must stay consecutive: start it anew when the database is ahead of it.
        if (next !== partition.next) tail.dropBelow(partition.tail, next);
        Object.assign(partition, { next, bytesEnd });
      }
  }

  return {
    write(topic, append) {
      return new Promise((resolve, reject) => {
        queue.push({ topic, append, resolve, reject });
        running ??= run();
      });
    },
    async idle() {
      while (running !== undefined) await running;
    },
    lastError: () => failure,
  };
}

/** Bytes of the memory that the values are pieces of, which stays as long as one of them does. */
function heldMemory({ frames }: EncodedAppend): number {
  let bytes = 0;
  let last: ArrayBufferLike | undefined;
  for (const { records } of frames)
    for (const { value } of records) {
      if (value === null || value.buffer === last) continue;
      last = value.buffer;
      bytes += last.byteLength;
    }
  return bytes;
}

function partitionState(topic: TopicState, index: number): PartitionState {
  const partition = topic.partitions[index];
  if (partition === undefined) throw new RangeError(`topic ${topic.settings.name} has no partition ${index}`);
  return partition;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
