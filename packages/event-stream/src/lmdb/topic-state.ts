import type { TopicSettings } from '../interface.ts';
import { readHead } from './frame-layout.ts';
import type { FrameChange, FrameStore } from './frame-store.ts';
import { createPartitionTail, type PartitionTail } from './tail-cache.ts';

/** What is known in memory about a partition; the database is the truth it is loaded from. */
export interface PartitionState {
  readonly index: number;
  /** First offset held and the one the next record gets. */
  first: number;
  next: number;
  /** Bytes of frames ever written, and ever removed: their difference is held. */
  bytesEnd: number;
  removedBytes: number;
  /** Where compaction stopped the last time and how many records it left; what follows has not been looked at. */
  compactedTo: number;
  compactedRecords: number;
  readonly tail: PartitionTail;
}

export interface TopicState {
  readonly id: number;
  settings: TopicSettings;
  readonly partitions: PartitionState[];
  /** Called, and forgotten, when records were committed or the topic changed. */
  readonly waiting: Set<() => void>;
}

/** Saved per partition whenever frames are removed, since offsets and counts must go on from there. */
interface SavedEnd {
  readonly next: number;
  readonly bytesEnd: number;
  readonly removedBytes: number;
}

/** The change that saves a partition's ends after `removed` more bytes were removed. */
export function saveEnd(topic: TopicState, partition: PartitionState, removed: number): FrameChange {
  const value: SavedEnd = {
    next: partition.next,
    bytesEnd: partition.bytesEnd,
    removedBytes: partition.removedBytes + removed,
  };
  return { kind: 'put-meta', key: endKey(topic.id, partition.index), value };
}

function endKey(topicId: number, partition: number): string {
  return `end/${topicId}/${partition}`;
}

export function topicKey(name: string): string {
  return `topic/${name}`;
}

/** The state of a topic as the database has it. */
export function loadTopic(store: FrameStore, id: number, settings: TopicSettings): TopicState {
  const partitions: PartitionState[] = [];
  for (let index = 0; index < settings.partitions; index += 1)
    partitions.push(loadPartition(store, id, index));
  return { id, settings, partitions, waiting: new Set() };
}

/** Reads a partition's ends; also used after a failed commit, when it is not known how far it came. */
export function loadPartition(store: FrameStore, topicId: number, index: number): PartitionState {
  const saved = toSavedEnd(store.getMeta(endKey(topicId, index)));
  const state: PartitionState = {
    index,
    first: saved.next,
    next: saved.next,
    bytesEnd: saved.bytesEnd,
    removedBytes: saved.removedBytes,
    compactedTo: 0,
    compactedRecords: 0,
    tail: createPartitionTail(),
  };
  const firstFrame = store.frameFrom(topicId, index, 0);
  const lastFrame = store.frameAt(topicId, index, Number.MAX_SAFE_INTEGER - 1);
  if (firstFrame === undefined || lastFrame === undefined) return state;
  const first = readHead(firstFrame);
  const last = readHead(lastFrame);
  state.first = first.base;
  state.next = Math.max(saved.next, last.base + last.span);
  state.bytesEnd = Math.max(saved.bytesEnd, last.bytesBefore + lastFrame.length);
  return state;
}

function toSavedEnd(value: unknown): SavedEnd {
  if (
    typeof value === 'object' &&
    value !== null &&
    'next' in value &&
    'bytesEnd' in value &&
    'removedBytes' in value
  ) {
    const { next, bytesEnd, removedBytes } = value;
    if (typeof next === 'number' && typeof bytesEnd === 'number' && typeof removedBytes === 'number')
      return { next, bytesEnd, removedBytes };
  }
  return { next: 0, bytesEnd: 0, removedBytes: 0 };
}

/** Wakes everyone who waits for the topic. */
export function wake(topic: TopicState): void {
  const waiting = [...topic.waiting];
  topic.waiting.clear();
  for (const resume of waiting) resume();
}
