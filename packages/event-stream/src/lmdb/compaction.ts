/**
 * Compaction of a `compact` topic: of each key only the newest record stays. A tombstone stays until it is
 * `tombstoneRetentionMs` old, so that readers that were away see the key go, and is then removed as well.
 * Offsets never change: frames become sparse, and go when nothing is left in them.
 */
import { listRecords, type RawRecord } from './frame-decode.ts';
import { type FrameHead, HEADER_BYTES, readHead, writeHead } from './frame-layout.ts';
import type { FrameChange, FrameStore } from './frame-store.ts';
import type { TailCache } from './tail-cache.ts';
import { type PartitionState, saveEnd, type TopicState } from './topic-state.ts';

/** Keys held in memory by one run; past it the run covers the older part of the partition only. */
const MAX_KEYS = 2_000_000;
/** Frames rewritten in one transaction at most. */
const MAX_FRAMES_PER_STEP = 256;

export interface CompactionLimits {
  readonly nowMs: number;
  readonly tombstoneRetentionMs: number;
}

/** Compacts one partition up to the end it has when called. Answers the number of bytes removed. */
export async function compactPartition(
  store: FrameStore,
  tail: TailCache,
  topic: TopicState,
  partition: PartitionState,
  limits: CompactionLimits,
): Promise<number> {
  const end = partition.next;
  const newest = await newestOffsets(store, topic.id, partition, end);
  let removed = 0;
  let at = partition.first;
  while (at < newest.coveredTo) {
    const step = await rewriteStep(store, topic, partition, at, newest, limits);
    removed += step.removed;
    at = step.next;
    await turn();
  }
  partition.compactedTo = newest.coveredTo;
  partition.compactedRecords = newest.offsets.size;
  const first = store.frameFrom(topic.id, partition.index, partition.first);
  partition.first = first === undefined ? partition.next : readHead(first).base;
  // The cached frames still hold what was removed.
  tail.dropBelow(partition.tail, newest.coveredTo);
  return removed;
}

interface Newest {
  readonly offsets: ReadonlyMap<string, number>;
  readonly coveredTo: number;
}

async function newestOffsets(
  store: FrameStore,
  topicId: number,
  partition: PartitionState,
  end: number,
): Promise<Newest> {
  const offsets = new Map<string, number>();
  let at = partition.first;
  while (at < end && offsets.size < MAX_KEYS) {
    const frame = store.frameFrom(topicId, partition.index, at);
    if (frame === undefined) return { offsets, coveredTo: end };
    const { head, records } = listRecords(frame);
    for (const record of records) offsets.set(record.key, record.offset);
    at = head.base + head.span;
    await turn();
  }
  return { offsets, coveredTo: Math.min(at, end) };
}

interface Kept {
  readonly frame: Buffer;
  readonly head: FrameHead;
  readonly prefix: Buffer;
  readonly records: readonly RawRecord[];
  readonly whole: boolean;
}

async function rewriteStep(
  store: FrameStore,
  topic: TopicState,
  partition: PartitionState,
  from: number,
  newest: Newest,
  limits: CompactionLimits,
): Promise<{ removed: number; next: number }> {
  const changes: FrameChange[] = [];
  const id = { topicId: topic.id, partition: partition.index };
  let removed = 0;
  let at = from;
  for (let looked = 0; looked < MAX_FRAMES_PER_STEP && at < newest.coveredTo; looked += 1) {
    const frame = store.frameFrom(topic.id, partition.index, at);
    if (frame === undefined) {
      at = newest.coveredTo;
      break;
    }
    const kept = keep(frame, newest.offsets, limits);
    at = kept.head.base + kept.head.span;
    if (kept.whole) continue;
    const rewritten = kept.records.length === 0 ? undefined : rewrite(kept);
    changes.push(
      rewritten === undefined
        ? { kind: 'remove-frame', ...id, base: kept.head.base }
        : { kind: 'put-frame', ...id, base: kept.head.base, bytes: rewritten },
    );
    removed += frame.length - (rewritten?.length ?? 0);
  }
  if (changes.length > 0) {
    changes.push(saveEnd(topic, partition, removed));
    await store.write(changes);
    partition.removedBytes += removed;
  }
  return { removed, next: at };
}

function keep(frame: Buffer, newest: ReadonlyMap<string, number>, limits: CompactionLimits): Kept {
  const { head, recordsAt, records } = listRecords(frame);
  const expired = head.timestampMs < limits.nowMs - limits.tombstoneRetentionMs;
  const kept = records.filter((record) => {
    const last = newest.get(record.key);
    if (last !== undefined && last > record.offset) return false;
    return !(record.tombstone && expired);
  });
  return {
    frame,
    head,
    prefix: frame.subarray(HEADER_BYTES, recordsAt),
    records: kept,
    whole: kept.length === records.length,
  };
}

/** The same frame with fewer records, each preceded by where it was. */
function rewrite({ frame, head, prefix, records }: Kept): Buffer {
  const head2 = Buffer.alloc(HEADER_BYTES);
  writeHead(head2, { ...head, sparse: true, count: records.length });
  const parts: Buffer[] = [head2, prefix];
  for (const record of records) {
    const relative = Buffer.alloc(4);
    relative.writeUInt32LE(record.offset - head.base, 0);
    parts.push(relative, frame.subarray(record.start, record.end));
  }
  return Buffer.concat(parts);
}

/** Lets the event loop serve others between frames. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
