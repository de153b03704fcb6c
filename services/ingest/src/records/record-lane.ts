/**
 * The way from a listener into `cadf.records`: records are appended in the order they were added, one append under
 * way at a time, what comes meanwhile goes with the next one. An append that fails is tried again until it works.
 *
 * A lane takes whatever is added; who adds looks at `full` and stops reading when it is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppendRecord, EventStream } from '@cadf-pipeline/event-stream';
import { RECORDS_TOPIC } from '../topics.ts';

export interface RecordLaneOptions {
  readonly stream: Pick<EventStream, 'append'>;
  /** Bytes added and not yet durable past which the lane is full. */
  readonly maxPendingBytes: number;
  readonly logger: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  /** How long `close` tries, ms. Default 10 s. */
  readonly closeTimeoutMs?: number;
}

export interface RecordLane {
  add(record: AppendRecord): void;
  readonly full: boolean;
  /** Called each time the lane has room again after it was full. */
  onRoom(listener: () => void): void;
  /** Resolves when all that was added is durable: the number of records given up after `closeTimeoutMs`, 0 as a rule. */
  close(): Promise<number>;
}

const MAX_APPEND_BYTES = 4 * 1024 * 1024;
const MAX_APPEND_RECORDS = 5000;
/** Charged per record beside its bytes: key, headers, objects. */
const OVERHEAD_BYTES = 512;
const RETRY_FIRST_MS = 50;
const RETRY_LAST_MS = 2000;

export function createRecordLane(options: RecordLaneOptions): RecordLane {
  const { stream, maxPendingBytes, logger, closeTimeoutMs = 10_000 } = options;
  let queue: AppendRecord[] = [];
  let pendingBytes = 0;
  let pendingRecords = 0;
  let wasFull = false;
  let working: Promise<void> | undefined;
  let giveUpAt = Infinity;
  const listeners: (() => void)[] = [];

  async function work(): Promise<void> {
    // What is added in the same turn goes together.
    await Promise.resolve();
    while (queue.length > 0) {
      const records = nextRecords();
      if (!(await append(records))) return;
      pendingRecords -= records.length;
      for (const record of records) pendingBytes -= costOf(record);
      if (wasFull && pendingBytes <= maxPendingBytes / 2) {
        wasFull = false;
        for (const listener of listeners) listener();
      }
    }
  }

  function nextRecords(): readonly AppendRecord[] {
    let bytes = 0;
    let count = 0;
    for (const record of queue) {
      bytes += costOf(record);
      if (count > 0 && bytes > MAX_APPEND_BYTES) break;
      count++;
      if (count === MAX_APPEND_RECORDS) break;
    }
    const records = queue.slice(0, count);
    queue = queue.slice(count);
    return records;
  }

  async function append(records: readonly AppendRecord[]): Promise<boolean> {
    for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(2 * waitMs, RETRY_LAST_MS)) {
      try {
        await stream.append(RECORDS_TOPIC, { records });
        return true;
      } catch (error) {
        logger.warn({ err: error, records: records.length }, 'raw records are not durable yet, trying again');
        if (Date.now() + waitMs > giveUpAt) return false;
        await sleep(waitMs);
      }
    }
  }

  return {
    add(record) {
      queue.push(record);
      pendingRecords++;
      pendingBytes += costOf(record);
      if (pendingBytes >= maxPendingBytes) wasFull = true;
      working ??= work().finally(() => (working = undefined));
    },
    get full() {
      return wasFull;
    },
    onRoom(listener) {
      listeners.push(listener);
    },
    async close() {
      giveUpAt = Date.now() + closeTimeoutMs;
      while (working !== undefined) await working;
      if (pendingRecords > 0)
        logger.error({ records: pendingRecords }, 'raw records were given up: the stream does not take them');
      return pendingRecords;
    },
  };
}

function costOf(record: AppendRecord): number {
  return (record.value?.length ?? 0) + OVERHEAD_BYTES;
}
