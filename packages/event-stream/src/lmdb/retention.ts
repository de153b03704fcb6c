import { readHead } from './frame-layout.ts';
import type { FrameChange, FrameStore } from './frame-store.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { TailCache } from './tail-cache.ts';
import { type PartitionState, saveEnd, type TopicState } from './topic-state.ts';

/** Most frames looked at between two turns of the event loop, and removed in one transaction. */
const MAX_FRAMES_PER_STEP = 128;

/**
 * Removes a `delete` topic's oldest frames: those taken before `retentionMs` ago, and those without which
 * `retentionBytes` are still held; never what a group of `keepFor` has yet to read. A frame goes whole or not at all. Answers the number of bytes removed.
 */
export async function applyRetention(
  store: FrameStore,
  tail: TailCache,
  topic: TopicState,
  groups: GroupOffsets,
  nowMs: number,
): Promise<number> {
  let removed = 0;
  for (const partition of topic.partitions)
    for (;;) {
      const keepFrom = firstNeeded(topic, groups, partition.index);
      const step = await removeStep(store, tail, topic, partition, keepFrom, nowMs);
      removed += step.bytes;
      if (!step.more) break;
    }
  return removed;
}

/** The lowest offset a group of `keepFor` has not committed yet; Infinity where none holds anything back. */
function firstNeeded(topic: TopicState, groups: GroupOffsets, partition: number): number {
  const { name, keepFor = [] } = topic.settings;
  return Math.min(...keepFor.map((group) => groups.committed(name, group).get(partition) ?? 0));
}

async function removeStep(
  store: FrameStore,
  tail: TailCache,
  topic: TopicState,
  partition: PartitionState,
  keepFrom: number,
  nowMs: number,
): Promise<{ bytes: number; more: boolean }> {
  const { retentionMs, retentionBytes } = topic.settings;
  const oldest = retentionMs === undefined ? -Infinity : nowMs - retentionMs;
  const spare =
    retentionBytes === undefined ? 0 : partition.bytesEnd - partition.removedBytes - retentionBytes;
  const changes: FrameChange[] = [];
  let first = partition.first;
  let bytes = 0;
  while (changes.length < MAX_FRAMES_PER_STEP && first < partition.next) {
    const frame = store.frameFrom(topic.id, partition.index, first);
    if (frame === undefined) break;
    const head = readHead(frame);
    if (head.base + head.span > keepFrom) break;
    if (head.timestampMs >= oldest && bytes + frame.length > spare) break;
    changes.push({ kind: 'remove-frame', topicId: topic.id, partition: partition.index, base: head.base });
    first = head.base + head.span;
    bytes += frame.length;
  }
  if (changes.length === 0) return { bytes: 0, more: false };
  const more = changes.length === MAX_FRAMES_PER_STEP;
  changes.push(saveEnd(topic, partition, bytes));
  await store.write(changes);
  partition.first = first;
  partition.removedBytes += bytes;
  tail.dropBelow(partition.tail, first);
  return { bytes, more };
}
