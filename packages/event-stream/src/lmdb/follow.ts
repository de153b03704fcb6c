import { StreamError } from '../errors.ts';
import type { RecordBatch } from '../interface.ts';
import { DEFAULT_MAX_BATCH_BYTES, MAX_BATCH_RECORDS } from '../limits.ts';

import type { FrameStore } from './frame-store.ts';
import { readPartition } from './partition-reader.ts';
import type { RecordSink } from './record-sink.ts';
import type { TopicState } from './topic-state.ts';

export interface FollowDeps {
  readonly store: FrameStore;
  /** Aborts when the stream is closed. */
  readonly closed: AbortSignal;
}

/** Where a reader is: per partition the next offset and, unless it follows, the offset to stop before. */
export interface Cursor {
  at: number;
  readonly end: number;
}

export interface FollowOptions {
  readonly cursors: Map<number, Cursor>;
  readonly follow: boolean;
  readonly signal: AbortSignal | undefined;
  readonly maxBatchBytes: number | undefined;
  /** Called before each look at the partitions; may add cursors (a topic that grew). */
  readonly refresh?: () => Promise<void>;
}

/**
 * Delivers batches of the partitions in turn. Pull-based: nothing is read ahead of the consumer.
 * Ends when `signal` aborts or, not following, when every cursor is at its end.
 * Throws `STREAM_CLOSED` when the stream is closed under it.
 */
export async function* followTopic(
  deps: FollowDeps,
  topic: TopicState,
  options: FollowOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  const { cursors, follow, signal } = options;
  const maxBytes = options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES;
  for (;;) {
    await options.refresh?.();
    let idle = true;
    for (const [index, cursor] of cursors) {
      if (signal?.aborted === true) return;
      throwIfClosed(deps.closed);
      const partition = topic.partitions[index];
      if (partition === undefined) continue;
      const end = Math.min(cursor.end, partition.next);
      if (cursor.at >= end) continue;
      const sink: RecordSink = {
        records: [],
        bytes: 0,
        full: false,
        maxBytes,
        maxRecords: MAX_BATCH_RECORDS,
      };
      cursor.at = readPartition(deps.store, topic, partition, cursor.at, end, sink);
      idle = false;
      if (sink.records.length > 0)
        yield { topic: topic.settings.name, partition: index, records: sink.records };
    }
    if (!idle) continue;
    if (!follow || signal?.aborted === true) return;
    throwIfClosed(deps.closed);
    await changed(topic, [signal, deps.closed]);
  }
}

function throwIfClosed(closed: AbortSignal): void {
  if (closed.aborted) throw new StreamError('STREAM_CLOSED', 'the stream was closed while it was being read');
}

/** Resolves when the topic changes or one of the signals aborts. */
function changed(topic: TopicState, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const resume = (): void => {
      topic.waiting.delete(resume);
      for (const signal of signals) signal?.removeEventListener('abort', resume);
      resolve();
    };
    topic.waiting.add(resume);
    for (const signal of signals) signal?.addEventListener('abort', resume, { once: true });
  });
}
