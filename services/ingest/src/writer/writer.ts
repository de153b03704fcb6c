/**
 * Moves records from the stream into the store with the effect of exactly once.
 *
 * The stream delivers at least once. What makes it exactly once is that the store knows which positions it holds:
 * the writer starts where the *store* says, not where the stream's commit says, and the store skips what it has.
 *
 * States of one run: *collecting* (records are added to the block) and, beside it, at most one block *flushing*
 * (insert → dead letters of what was unreadable → commit → notify, in this order). When a block is full while
 * another is flushing, collecting waits; the consumer is pull-based, so that wait reaches the broker.
 * A flush that fails is repeated, with growing pauses, until it works or the run is stopped: nothing is skipped.
 */
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { deadLetterHeaders, readBatchPlace, readEventHeaders } from '@cadf-pipeline/event-stream';
import type { Bounds, EventStream, StreamRecord } from '@cadf-pipeline/event-stream';
import type { EventStore, InsertResult, StoreRecord } from '@cadf-pipeline/event-store';
import { DEAD_LETTERS_TOPIC, EVENTS_TOPIC, WRITER_GROUP } from '../topics.ts';
import { createBlock, offsetsOf } from './block.ts';
import type { Block, BlockLimits, OffsetRange } from './block.ts';

export interface WriterSettings extends BlockLimits {
  /** Longest time a record waits for its block to fill, ms. */
  readonly maxWaitMs: number;
}

/** One block that is now in the store. */
export interface StoredBlock {
  readonly result: InsertResult;
  readonly records: number;
  readonly bytes: number;
  /** How long the insert took, ms. */
  readonly insertMs: number;
  /** When the record that waited longest was received, ms since 1970 UTC (the first of the block). */
  readonly oldestReceivedMs: number;
  /** Per partition. */
  readonly offsets: ReadonlyMap<number, OffsetRange>;
}

export interface WriterObserver {
  stored(block: StoredBlock): void;
  /** After each failed attempt; the block is kept and tried again. */
  failed(error: unknown, attempt: number): void;
  /** The stream does not hold the records from `from` to before `to` any more, and the store never did. */
  gap(partition: number, from: number, to: number): void;
}

export interface WriterDependencies {
  readonly stream: EventStream;
  readonly store: EventStore;
  readonly settings: WriterSettings;
  readonly observer: WriterObserver;
}

export interface Writer {
  /** Runs until `signal` aborts; then what is collected is stored before it resolves. Rejects when the stream breaks. */
  run(signal: AbortSignal): Promise<void>;
  /** Why the writer is behind, or undefined when it works. */
  trouble(): string | undefined;
}

const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 15_000;
/**
 * Half the session timeout: a writer that was paused (or cut off) for longer stores nothing before the group has
 * confirmed that the partitions are still its own, since another may be storing the same records.
 */
const MAX_MEMBERSHIP_AGE_MS = 15_000;
/** After a stop was asked for, a failing flush is given up after so many tries; the records stay in the stream. */
const TRIES_WHEN_STOPPING = 3;

export function createWriter({ stream, store, settings, observer }: WriterDependencies): Writer {
  const owned = new Set<number>();
  let block = createBlock(settings);
  let flushing: Promise<void> | undefined;
  let flushed: Block | undefined;
  /** The block being collected waits only for the one under way. */
  let due = false;
  let timer: NodeJS.Timeout | undefined;
  let broken: unknown;
  let trouble: string | undefined;

  /** Flushes the block now, or as soon as the one under way is done. */
  function requestFlush(signal: AbortSignal): void {
    clearTimeout(timer);
    timer = undefined;
    if (flushing !== undefined) {
      due = true;
      return;
    }
    if (block.records.length === 0) return;
    const current = block;
    flushed = current;
    block = createBlock(settings);
    flushing = flush(current, signal)
      .catch((error: unknown) => {
        broken ??= error;
      })
      .finally(() => {
        flushing = undefined;
        flushed = undefined;
        if (due && broken === undefined) {
          due = false;
          requestFlush(signal);
        }
      });
  }

  async function flush(current: Block, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      // Partitions may be taken away between attempts: then their records are no longer ours to store.
      const records = current.records;
      if (records.length === 0) return;
      try {
        if (stream.membershipAgeMs(EVENTS_TOPIC, WRITER_GROUP) > MAX_MEMBERSHIP_AGE_MS)
          throw new Error('the partitions may have been given to another writer by now');
        if (attempt > 1) await store.own([...owned]);
        const rows = records.map(toStoreRecord);
        const started = performance.now();
        const result = await store.insert(rows);
        const insertMs = performance.now() - started;
        await buryUnreadable(result);
        const offsets = offsetsOf(records);
        const next = new Map([...offsets].map(([partition, range]) => [partition, range.next]));
        await stream.commit(EVENTS_TOPIC, WRITER_GROUP, next);
        trouble = undefined;
        observer.stored({
          result,
          records: records.length,
          bytes: rows.reduce((sum, { value }) => sum + value.length, 0),
          insertMs,
          oldestReceivedMs: rows[0]?.receivedMs ?? 0,
          offsets,
        });
        return;
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
        observer.failed(error, attempt);
        if (signal.aborted && attempt >= TRIES_WHEN_STOPPING) throw error;
        await pause(Math.min(RETRY_FIRST_MS * 2 ** (attempt - 1), RETRY_LAST_MS), signal);
      }
    }
  }

  async function buryUnreadable(result: InsertResult): Promise<void> {
    if (result.unreadable.length === 0) return;
    await stream.append(DEAD_LETTERS_TOPIC, {
      records: result.unreadable.map(({ record, reason }) => ({
        key: `${record.partition}-${record.offset}`,
        value: record.value,
        headers: deadLetterHeaders({
          ...record,
          stage: 'store',
          code: 'STORE_EVENT_UNREADABLE',
          detail: reason,
        }),
      })),
    });
  }

  async function startAt(partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    for (const partition of partitions) owned.add(partition);
    await store.own([...owned]);
    const next = await store.nextOffsets(partitions);
    const bounds = await stream.bounds(EVENTS_TOPIC);
    for (const [partition, offset] of next) checkContinuity(partition, offset, bounds.get(partition));
    return next;
  }

  /**
   * Stream and store must be of one history. A stream that ends before what the store holds was emptied or replaced:
   * its new records would be taken for old ones and skipped. A stream that begins behind it has dropped records.
   */
  function checkContinuity(partition: number, stored: number, held: Bounds | undefined): void {
    if (held === undefined) return;
    if (stored > held.next)
      throw new Error(
        `partition ${partition} of the stream ends at ${held.next} and the store holds ${stored} records of it: ` +
          'they are not of one history. Restore the stream, or start with a store of its own.',
      );
    if (stored < held.first) observer.gap(partition, stored, held.first);
  }

  async function revoked(partitions: readonly number[]): Promise<void> {
    const gone = new Set(partitions);
    for (const partition of gone) owned.delete(partition);
    block.drop(gone);
    flushed?.drop(gone);
    await flushing;
  }

  return {
    trouble: () => trouble,
    async run(signal) {
      const batches = stream.consume(EVENTS_TOPIC, { group: WRITER_GROUP, startAt, revoked, signal });
      try {
        for await (const batch of batches) {
          if (broken !== undefined) throw broken;
          for (const record of batch.records) {
            if (owned.has(record.partition)) block.add(record);
          }
          timer ??= setTimeout(() => requestFlush(signal), settings.maxWaitMs);
          while (block.full && broken === undefined) {
            await flushing;
            if (flushing === undefined) requestFlush(signal);
          }
        }
      } finally {
        // A membership that broke is over: what it gave may be another's by now, and is read again from the stream.
        if (!signal.aborted) await revoked([...owned]);
        await flushing;
        requestFlush(signal);
        await flushing;
        clearTimeout(timer);
      }
      if (broken !== undefined) throw broken;
    },
  };
}

function toStoreRecord(record: StreamRecord): StoreRecord {
  const facts = readEventHeaders(record.headers, record.timestampMs);
  return {
    partition: record.partition,
    offset: record.offset,
    value: record.value ?? Buffer.alloc(0),
    place: readBatchPlace(record.headers)?.place ?? 0,
    ...facts,
  };
}

/** Waits, but not past an abort. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await setTimeoutPromise(ms, undefined, { signal }).catch(() => undefined);
}
