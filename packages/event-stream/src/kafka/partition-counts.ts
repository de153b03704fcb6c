import { setTimeout as sleep } from 'node:timers/promises';
import { StreamError } from '../errors.ts';
import type { KafkaClient } from './client.ts';

/** How long the partition count of a topic is believed: a topic that grew is used within this time. */
const MAX_AGE_MS = 60_000;
const RETRY_MS = 250;

/** Remembers how many partitions topics have, so that an append does not ask. */
export interface PartitionCounts {
  /** Asks, for as long as an append may take, when it is not known. Throws `STREAM_TOPIC_UNKNOWN` or `STREAM_UNAVAILABLE`. */
  get(topic: string): Promise<number>;
  forget(topic: string): void;
}

interface Known {
  readonly count: Promise<number>;
  readonly untilMs: number;
}

export function createPartitionCounts(
  client: Pick<KafkaClient, 'partitions'>,
  patienceMs: number,
): PartitionCounts {
  const known = new Map<string, Known>();

  async function ask(topic: string): Promise<number> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        return await client.partitions(topic);
      } catch (error) {
        const retryable = error instanceof StreamError && error.retryable;
        if (!retryable || Date.now() + RETRY_MS > deadline) throw error;
      }
      await sleep(RETRY_MS);
    }
  }

  return {
    get(topic) {
      const found = known.get(topic);
      if (found !== undefined && Date.now() < found.untilMs) return found.count;
      const asked = ask(topic);
      const entry: Known = {
        // While the brokers are away the count stays what it was; appends wait elsewhere.
        count: found === undefined ? asked : found.count,
        untilMs: Date.now() + MAX_AGE_MS,
      };
      known.set(topic, entry);
      asked.then(
        () => known.get(topic) === entry && known.set(topic, { count: asked, untilMs: entry.untilMs }),
        () => known.get(topic) === entry && known.delete(topic),
      );
      return entry.count;
    },
    forget(topic) {
      known.delete(topic);
    },
  };
}
