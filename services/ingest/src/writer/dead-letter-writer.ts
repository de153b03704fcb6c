/**
 * Moves dead letters from their topic into the store. A letter's id is its position, and the store keeps one row per
 * id, so that reading a record twice leaves one letter.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeadLetter, EventStore } from '@cadf-pipeline/event-store';
import { readDeadLetterHeaders } from '@cadf-pipeline/event-stream';
import type { EventStream, RecordBatch, StreamRecord } from '@cadf-pipeline/event-stream';
import { DEAD_LETTERS_GROUP, DEAD_LETTERS_TOPIC } from '../topics.ts';

const RETRY_MS = 1000;

/** Runs until `signal` aborts; a failing store is tried again until it works. `failed` hears of each failure. */
export async function runDeadLetterWriter(
  stream: EventStream,
  store: EventStore,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<void> {
  const startAt = (): Promise<ReadonlyMap<number, number>> =>
    stream.committed(DEAD_LETTERS_TOPIC, DEAD_LETTERS_GROUP);
  for await (const batch of stream.consume(DEAD_LETTERS_TOPIC, {
    group: DEAD_LETTERS_GROUP,
    startAt,
    signal,
  })) {
    while (!(await stored(batch))) {
      if (signal.aborted) return;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async function stored(batch: RecordBatch): Promise<boolean> {
    try {
      await store.putDeadLetters(batch.records.map(toDeadLetter));
      const last = batch.records.at(-1);
      if (last !== undefined)
        await stream.commit(
          DEAD_LETTERS_TOPIC,
          DEAD_LETTERS_GROUP,
          new Map([[batch.partition, last.offset + 1]]),
        );
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }
}

function toDeadLetter(record: StreamRecord): DeadLetter {
  const { replayOf, replayOutcome, ...facts } = readDeadLetterHeaders(record.headers, record.timestampMs);
  return {
    ...facts,
    id: replayOf ?? `${record.partition}-${record.offset}`,
    record: record.value ?? Buffer.alloc(0),
    status: replayOf === undefined ? 'open' : 'replayed',
    ...(replayOutcome === undefined ? {} : { outcome: replayOutcome }),
  };
}
