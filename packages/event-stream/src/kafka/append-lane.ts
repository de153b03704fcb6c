import { withBatchPlaces } from '../batch-place.ts';
import type { AppendBatch, AppendRecord, Position } from '../interface.ts';
import { partitionOf } from '../partition.ts';
import type { ProduceBatch } from './client.ts';
import type { OutgoingRecord } from './record-batch-encode.ts';

export interface AppendLaneOptions {
  readonly partitions: () => Promise<number>;
  readonly produce: (batches: readonly ProduceBatch[]) => Promise<readonly number[]>;
  readonly lingerMs: number;
  /** Most bytes of values in one request, and of one partition in it. A record may exceed both, alone. */
  readonly maxRequestBytes: number;
  readonly maxPartitionBytes: number;
}

/** Merges the appends of one topic into requests, one under way at a time, so that the order of a key holds. */
export interface AppendLane {
  append(batch: AppendBatch): Promise<readonly Position[]>;
}

/** An append call that waits for its records. */
interface Waiting {
  readonly positions: Position[];
  left: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Queued extends OutgoingRecord {
  readonly record: AppendRecord;
  readonly waiting: Waiting;
  /** The record's place in its append call. */
  readonly index: number;
}

/** Creates the lane of a topic. */
export function createAppendLane(options: AppendLaneOptions): AppendLane {
  const queues: Queued[][] = [];
  let queued = 0;
  let firstPartition = -1;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    // Appends of this turn of the event loop, or of the linger, go together.
    await new Promise<void>((resolve) => {
      if (options.lingerMs > 0) setTimeout(resolve, options.lingerMs);
      else setImmediate(resolve);
    });
    while (queued > 0) await send(take());
    running = undefined;
  }

  /** What fits into one request, taken from the front of each partition's queue. */
  function take(): { partition: number; records: Queued[] }[] {
    const taken: { partition: number; records: Queued[] }[] = [];
    let total = 0;
    // Each time from another partition on, so that none waits for ever behind a busy one.
    firstPartition = (firstPartition + 1) % queues.length;
    for (let i = 0; i < queues.length; i += 1) {
      const partition = (firstPartition + i) % queues.length;
      const queue = queues[partition];
      if (queue === undefined || queue.length === 0) continue;
      if (total >= options.maxRequestBytes) break;
      let bytes = 0;
      let count = 0;
      for (const { record } of queue) {
        const size = (record.value?.length ?? 0) + record.key.length;
        if (
          count > 0 &&
          (bytes + size > options.maxPartitionBytes || total + bytes + size > options.maxRequestBytes)
        )
          break;
        bytes += size;
        count += 1;
      }
      total += bytes;
      queued -= count;
      if (count === queue.length) {
        taken.push({ partition, records: queue });
        queues[partition] = [];
      } else {
        taken.push({ partition, records: queue.slice(0, count) });
        queues[partition] = queue.slice(count);
      }
    }
    return taken;
  }

  async function send(batches: { partition: number; records: Queued[] }[]): Promise<void> {
    let bases: readonly number[];
    try {
      bases = await options.produce(batches);
    } catch (error) {
      for (const { records } of batches) for (const { waiting } of records) waiting.reject(error);
      return;
    }
    batches.forEach(({ partition, records }, place) => {
      let offset = bases[place] ?? 0;
      for (const { waiting, index } of records) {
        waiting.positions[index] = { partition, offset };
        offset += 1;
        waiting.left -= 1;
        if (waiting.left === 0) waiting.resolve(waiting.positions);
      }
    });
  }

  return {
    async append(asked) {
      const partitions = await options.partitions();
      const batch = withBatchPlaces(asked, partitions);
      return new Promise((resolve, reject) => {
        const count = batch.records.length;
        const waiting: Waiting = { positions: Array.from({ length: count }), left: count, resolve, reject };
        batch.records.forEach((record, index) => {
          const partition = partitionOf(record.key, partitions);
          const queue = (queues[partition] ??= []);
          queue.push({ record, shared: batch.headers, waiting, index });
        });
        queued += count;
        running ??= run();
      });
    },
  };
}
