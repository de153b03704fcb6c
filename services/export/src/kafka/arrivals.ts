/**
 * What of a batch is in the topic already: read back from where the topic ended before the batch was first sent. What
 * was read once is not read again at the next attempt, however many others write to the topic.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { OutgoingBatch } from '../sinks/sink.ts';
import { POSITION_HEADER, positionOf, SUBSCRIPTION_HEADER } from './kafka-records.ts';

const READ_BYTES = 1024 * 1024;

export interface Arrivals {
  /**
   * Positions of the batch's events that have arrived. `mark`: next offset by partition of the topic, as it was then.
   * Throws what the stream throws, and where the signal aborts before all was read; a later call goes on from there.
   */
  find(
    stream: EventStream,
    batch: OutgoingBatch,
    mark: ReadonlyMap<number, number>,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>>;
}

/**
 * `settleMs`: brokers that did not answer may still hold what they were sent. Once all that lead the topic answer again,
 * they are given so long to take it before the topic is read.
 */
export function createArrivals(topic: string, settleMs: number): Arrivals {
  let readBatch = '';
  let found = new Set<string>();
  let next = new Map<number, number>();

  return {
    async find(stream, batch, mark, signal) {
      if (readBatch !== batch.id) {
        readBatch = batch.id;
        found = new Set();
        next = new Map(mark);
      }
      const wanted = new Set(batch.events.map(positionOf));
      await stream.bounds(topic);
      await sleep(settleMs, undefined, { signal });
      const bounds = await stream.bounds(topic);
      for (const [partition, bound] of bounds) {
        const at = next.get(partition) ?? bound.first;
        // A topic that was deleted and made again begins anew.
        next.set(partition, at > bound.next ? bound.first : at);
      }
      const from = new Map([...next].filter(([partition, at]) => at < (bounds.get(partition)?.next ?? 0)));
      if (from.size === 0) return found;
      const reading = stream.read(topic, { from, follow: false, signal, maxBatchBytes: READ_BYTES });
      for await (const { partition, records } of reading) {
        for (const { headers, offset } of records) {
          const position = headers[POSITION_HEADER];
          if (
            position !== undefined &&
            headers[SUBSCRIPTION_HEADER] === batch.subscription &&
            wanted.has(position)
          )
            found.add(position);
          next.set(partition, offset + 1);
        }
        if (found.size === wanted.size) return found;
      }
      signal.throwIfAborted();
      return found;
    },
  };
}
