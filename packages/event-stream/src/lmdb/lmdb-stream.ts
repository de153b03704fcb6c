import { statfs } from 'node:fs/promises';
import { withBatchPlaces } from '../batch-place.ts';
import { StreamError } from '../errors.ts';
import type { EventStream, Position } from '../interface.ts';
import { DEFAULT_MAX_PENDING_BYTES, DEFAULT_MAX_RECORD_BYTES, measureBatch } from '../limits.ts';
import { createPendingBudget } from '../pending.ts';
import { consumeAll } from './consume-all.ts';
import { lockDirectory } from './directory-lock.ts';
import { type Cursor, followTopic } from './follow.ts';
import { createFrameArena } from './frame-arena.ts';
import { type EncodedAppend, encodeAppend } from './frame-encode.ts';
import { openFrameStore } from './frame-store.ts';
import { createFrameWriter } from './frame-writer.ts';
import { createGroupOffsets } from './group-offsets.ts';
import { createSweeper } from './sweeper.ts';
import { createTailCache } from './tail-cache.ts';
import { loadTopicCatalog } from './topic-catalog.ts';

export interface LmdbStreamOptions {
  /** The directory; made when missing, owned by one process at a time. */
  readonly path: string;
  /** Bytes accepted and not yet synced past which `append` refuses. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Most bytes of one value. Default 2 MiB. */
  readonly maxRecordBytes?: number;
  /** Most bytes of records held; past it `append` throws `STREAM_UNAVAILABLE` until retention made room. Default 64 GiB. */
  readonly maxBytes?: number;
  /** Memory for the records appended last, from which readers near the end are served. Default 64 MiB. */
  readonly tailCacheBytes?: number;
  /** Milliseconds between sweeps of retention and compaction; 0: only when `sweep` is called. Default 30 s. */
  readonly sweepIntervalMs?: number;
  /** Milliseconds a tombstone of a compacted topic is kept at least. Default 24 h. */
  readonly tombstoneRetentionMs?: number;
  /** Bytes free on the disk below which `health` is not ok. Default 256 MiB. */
  readonly minFreeBytes?: number;
  /** The clock, milliseconds since 1970 UTC. Default `Date.now`. */
  readonly now?: () => number;
}

/** The embedded stream; `sweep` applies retention and compaction at once and answers the bytes removed. */
export interface LmdbStream extends EventStream {
  readonly kind: 'lmdb';
  sweep(): Promise<number>;
}

const GIB = 1024 ** 3;

/**
 * Opens the embedded backend. Throws StreamError `STREAM_UNAVAILABLE` when another live process owns the
 * directory. A key's partition is Kafka's (see `partitionOf`), so a topic reads alike in both backends.
 */
export function createLmdbStream(options: LmdbStreamOptions): LmdbStream {
  const maxBytes = options.maxBytes ?? 64 * GIB;
  const maxRecordBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
  const now = options.now ?? Date.now;
  const lock = lockDirectory(options.path);
  // A quarter more address space than data: LMDB needs room for its tree and for pages about to be reused.
  const store = openFrameStore(options.path, Math.ceil(maxBytes * 1.25) + 64 * 1024 * 1024);
  const topics = loadTopicCatalog(store);
  const groups = createGroupOffsets(store);
  const tail = createTailCache(options.tailCacheBytes ?? 64 * 1024 * 1024);
  const arena = createFrameArena();
  const writer = createFrameWriter(store, tail);
  const pending = createPendingBudget(options.maxPendingBytes ?? DEFAULT_MAX_PENDING_BYTES);
  const closing = new AbortController();
  const consuming = new Map<string, symbol>();
  let held = 0;
  for (const topic of topics.all()) for (const p of topic.partitions) held += p.bytesEnd - p.removedBytes;
  const sweeper = createSweeper({
    store,
    tail,
    topics: () => topics.all(),
    groups,
    now,
    intervalMs: options.sweepIntervalMs ?? 30_000,
    tombstoneRetentionMs: options.tombstoneRetentionMs ?? 24 * 3600_000,
    removed: (bytes) => (held -= bytes),
  });
  let closed: Promise<void> | undefined;

  function throwIfClosed(): void {
    if (closed !== undefined) throw new StreamError('STREAM_CLOSED', 'the stream is closed');
  }

  function topicOf(name: string) {
    throwIfClosed();
    return topics.get(name);
  }

  async function shutDown(): Promise<void> {
    await writer.idle();
    closing.abort();
    await sweeper.stop();
    await store.close();
    lock.release();
  }

  const stream: LmdbStream = {
    kind: 'lmdb',
    async createTopics(wanted) {
      throwIfClosed();
      await topics.create(wanted);
    },
    async partitions(name) {
      return topicOf(name).partitions.length;
    },
    async append(name, batch) {
      const topic = topicOf(name);
      if (batch.records.length === 0) return [];
      const bytes = measureBatch(batch, maxRecordBytes);
      if (held + pending.now().bytes + bytes > maxBytes) {
        sweeper.nudge();
        throw new StreamError(
          'STREAM_UNAVAILABLE',
          `nothing was appended: the stream holds ${held} bytes, the limit is ${maxBytes}; raise maxBytes or shorten the retention`,
        );
      }
      pending.take(bytes);
      try {
        const partitions = topic.partitions.length;
        const encoded = encodeAppend(withBatchPlaces(batch, partitions), partitions, now(), arena);
        const size = encoded.frames.reduce((sum, frame) => sum + frame.bytes.length, 0);
        await writer.write(topic, encoded);
        held += size;
        return positionsOf(encoded);
      } finally {
        pending.give(bytes);
      }
    },
    read(name, { from, follow, signal, maxBatchBytes }) {
      const topic = topicOf(name);
      const cursors = new Map<number, Cursor>();
      for (const [index, offset] of from) {
        const partition = topic.partitions[index];
        if (partition === undefined)
          throw new StreamError('STREAM_TOPIC_UNKNOWN', `topic ${name} has no partition ${index}`);
        cursors.set(index, { at: offset, end: follow ? Infinity : partition.next });
      }
      return followTopic({ store, closed: closing.signal }, topic, {
        cursors,
        follow,
        signal,
        maxBatchBytes,
      });
    },
    consume(name, consumeOptions) {
      const topic = topicOf(name);
      return consumeAll({ store, closed: closing.signal, groups, consuming }, topic, consumeOptions);
    },
    async commit(name, group, next) {
      topicOf(name);
      await groups.commit(name, group, next);
    },
    membershipAgeMs: () => 0,
    async committed(name, group) {
      topicOf(name);
      return groups.committed(name, group);
    },
    async bounds(name) {
      return new Map(topicOf(name).partitions.map((p) => [p.index, { first: p.first, next: p.next }]));
    },
    pending: () => pending.now(),
    async health() {
      if (closed !== undefined) return { ok: false, reason: 'the stream is closed' };
      const failure = writer.lastError();
      if (failure !== undefined) return { ok: false, reason: failure.message };
      const sweepFailure = sweeper.lastError();
      if (sweepFailure !== undefined)
        return { ok: false, reason: `retention fails: ${String(sweepFailure)}` };
      if (held > maxBytes)
        return { ok: false, reason: `the stream holds ${held} bytes, the limit is ${maxBytes}` };
      const disk = await statfs(options.path);
      const free = disk.bavail * disk.bsize;
      if (free < (options.minFreeBytes ?? GIB / 4))
        return { ok: false, reason: `the disk of ${options.path} has ${free} bytes left` };
      return { ok: true, reason: '' };
    },
    async sweep() {
      throwIfClosed();
      return sweeper.sweep();
    },
    close() {
      closed ??= shutDown();
      return closed;
    },
  };
  return stream;
}

/** Where each record went; known once its frame has been placed. */
function positionsOf({ frames, frameOfRecord }: EncodedAppend): Position[] {
  const next = frames.map((frame) => frame.base);
  return frameOfRecord.map((index) => {
    const offset = next[index] ?? 0;
    next[index] = offset + 1;
    return { partition: frames[index]?.partition ?? 0, offset };
  });
}
