/**
 * Reads the events topic from near its end and goes on, for all readings of a process. A partition of which too much
 * waits for the store is not read on until there is room; the others are.
 */
import { EVENTS_TOPIC, readBatchPlace, readEventHeaders } from '@cadf-pipeline/event-stream';
import type { EventStream, RecordBatch } from '@cadf-pipeline/event-stream';
import { TailedEvent } from './tailed-event.ts';
import type { Outage } from './outage.ts';
import type { WaitingEvents } from './waiting-events.ts';

export interface FollowerDependencies {
  readonly stream: EventStream;
  readonly waiting: WaitingEvents;
  readonly outage: Outage;
  /** Something waits that did not before. */
  readonly added: () => void;
  readonly signal: AbortSignal;
}

export interface StreamFollower {
  /** Reads until the signal aborts, from these offsets on. */
  run(from: ReadonlyMap<number, number>): Promise<void>;
  /** Something was released: there may be room again. */
  released(): void;
}

/** What may wait of all partitions together. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_WAITING_EVENTS = 60_000;
const MAX_BATCH_BYTES = 1024 * 1024;
/** How often it is looked whether the topic has grown. */
const LOOK_FOR_PARTITIONS_MS = 30_000;

export function createStreamFollower(deps: FollowerDependencies): StreamFollower {
  const { stream, waiting, outage, added, signal } = deps;
  const next = new Map<number, number>();
  const full = new Set<number>();
  /** Ends the reading under way, to begin another with other partitions. */
  let turn = new AbortController();

  function isFull(partition: number, share: number): boolean {
    const { events, bytes } = waiting.held(partition);
    return (
      events > (MAX_WAITING_EVENTS / next.size) * share || bytes > (MAX_WAITING_BYTES / next.size) * share
    );
  }

  function take({ partition, records }: RecordBatch): void {
    if (full.has(partition)) return;
    for (const record of records) {
      const expected = next.get(partition) ?? 0;
      if (record.offset < expected) continue;
      next.set(partition, record.offset + 1);
      if (record.value === null) continue;
      const { source, tenants, receivedMs } = readEventHeaders(record.headers, record.timestampMs);
      const batch = readBatchPlace(record.headers);
      waiting.add(
        new TailedEvent({
          partition,
          offset: record.offset,
          receivedMs,
          place: batch?.place ?? 0,
          source,
          tenants,
          text: record.value,
        }),
        batch,
        record.offset > expected,
      );
    }
    waiting.read(partition, next.get(partition) ?? 0);
    added();
    if (!isFull(partition, 1)) return;
    full.add(partition);
    waiting.paused(partition, true);
    turn.abort();
  }

  async function lookForPartitions(): Promise<void> {
    const bounds = await stream.bounds(EVENTS_TOPIC);
    for (const [partition, { first }] of bounds) {
      if (next.has(partition)) continue;
      next.set(partition, first);
      waiting.open(partition, first);
      turn.abort();
    }
  }

  async function readOn(): Promise<void> {
    const reading = AbortSignal.any([signal, turn.signal]);
    const from = new Map([...next].filter(([partition]) => !full.has(partition)));
    if (from.size === 0) {
      await new Promise<void>((resolve) =>
        reading.addEventListener('abort', () => resolve(), { once: true }),
      );
      return;
    }
    const options = { from, follow: true, signal: reading, maxBatchBytes: MAX_BATCH_BYTES };
    for await (const batch of stream.read(EVENTS_TOPIC, options)) {
      take(batch);
      outage.over();
    }
  }

  return {
    async run(from) {
      for (const [partition, offset] of from) next.set(partition, offset);
      const timer = setInterval(() => {
        lookForPartitions().catch(() => undefined); // Looked again in a while.
      }, LOOK_FOR_PARTITIONS_MS);
      try {
        while (!signal.aborted) {
          if (turn.signal.aborted) turn = new AbortController();
          try {
            await readOn();
          } catch (error) {
            await outage.failed(error);
          }
        }
      } finally {
        clearInterval(timer);
      }
    },
    released() {
      for (const partition of full) {
        if (isFull(partition, 0.5)) continue;
        full.delete(partition);
        waiting.paused(partition, false);
        turn.abort();
      }
    },
  };
}
