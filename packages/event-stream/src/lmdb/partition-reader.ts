import { decodeFrame } from './frame-decode.ts';
import { readHead } from './frame-layout.ts';
import type { FrameStore } from './frame-store.ts';
import { isFull, type RecordSink } from './record-sink.ts';
import { deliverTail, findInTail } from './tail-cache.ts';
import type { PartitionState, TopicState } from './topic-state.ts';

/**
 * Reads records of a partition from `offset` on until the sink is full or `end` (exclusive) is reached, and
 * answers the offset to go on from. Near the end they come from memory, else from the database.
 */
export function readPartition(
  store: FrameStore,
  topic: TopicState,
  partition: PartitionState,
  offset: number,
  end: number,
  sink: RecordSink,
): number {
  let at = Math.max(offset, partition.first);
  while (at < end && !isFull(sink)) {
    const cached = findInTail(partition.tail, at);
    if (cached !== undefined) {
      at = deliverTail(cached, partition.index, at, sink);
      continue;
    }
    const stored = frameHolding(store, topic.id, partition.index, at);
    if (stored === undefined) {
      at = end; // Compaction or retention took all that was left.
      break;
    }
    at = decodeFrame(stored, partition.index, at, sink);
  }
  // Compaction may have merged frames across an end that was seen before.
  while ((sink.records.at(-1)?.offset ?? -1) >= end) sink.records.pop();
  return Math.min(at, end);
}

/** The frame with the record at `offset`, or the next one when that offset is no longer held. */
function frameHolding(
  store: FrameStore,
  topicId: number,
  partition: number,
  offset: number,
): Buffer | undefined {
  const frame = store.frameAt(topicId, partition, offset);
  if (frame !== undefined) {
    const { base, span } = readHead(frame);
    if (offset < base + span) return frame;
  }
  return store.frameFrom(topicId, partition, offset);
}
