import { StreamError } from '../errors.ts';
import type { EventStream } from '../interface.ts';
import { checkTopicSettings, measureBatch } from '../limits.ts';
import { createPendingBudget } from '../pending.ts';
import { type AppendLane, createAppendLane } from './append-lane.ts';
import type { KafkaClient } from './client.ts';
import { createKafkajsClient } from './kafkajs/kafkajs-client.ts';
import { kafkaSettings, type KafkaSettings, type KafkaStreamOptions } from './options.ts';
import { createPlatformaticClient } from './platformatic/platformatic-client.ts';

/** How long the partition count of a topic is believed: a topic that grew is used within this time. */
const PARTITIONS_MAX_AGE_MS = 60_000;

/**
 * The scaled backend: Apache Kafka 2.7 or later. Connects when first used. A key's partition is that of the Java
 * client's default (see `partitionOf`), with either client library.
 */
export function createKafkaStream(options: KafkaStreamOptions): EventStream {
  const settings = kafkaSettings(options);
  const client = createClient(settings);
  const pending = createPendingBudget(settings.maxPendingBytes);
  const lanes = new Map<string, AppendLane>();
  const counts = new Map<string, { readonly count: Promise<number>; readonly untilMs: number }>();
  let closed: Promise<void> | undefined;

  function throwIfClosed(): void {
    if (closed !== undefined) throw new StreamError('STREAM_CLOSED', 'the stream is closed');
  }

  function partitionCount(topic: string): Promise<number> {
    const known = counts.get(topic);
    if (known !== undefined && Date.now() < known.untilMs) return known.count;
    const count = client.partitions(topic).catch((error: unknown) => {
      counts.delete(topic);
      // A broker that is away does not change how many partitions there are.
      if (known !== undefined && error instanceof StreamError && error.code === 'STREAM_UNAVAILABLE')
        return known.count;
      throw error;
    });
    counts.set(topic, { count, untilMs: Date.now() + PARTITIONS_MAX_AGE_MS });
    return count;
  }

  function laneOf(topic: string): AppendLane {
    let lane = lanes.get(topic);
    if (lane === undefined) {
      lane = createAppendLane({
        partitions: () => partitionCount(topic),
        produce: (batches) => client.produce(topic, batches),
        lingerMs: settings.lingerMs,
        maxRequestBytes: settings.maxRequestBytes,
        maxPartitionBytes: settings.maxRecordBytes,
      });
      lanes.set(topic, lane);
    }
    return lane;
  }

  async function shutDown(): Promise<void> {
    await Promise.all([...lanes.values()].map((lane) => lane.idle()));
    await client.close();
  }

  return {
    kind: 'kafka',
    async createTopics(topics) {
      throwIfClosed();
      for (const topic of topics) checkTopicSettings(topic);
      for (const topic of topics) {
        await client.ensureTopic(topic);
        counts.delete(topic.name);
      }
    },
    async partitions(topic) {
      throwIfClosed();
      return client.partitions(topic);
    },
    async append(topic, batch) {
      throwIfClosed();
      if (batch.records.length === 0) return [];
      const bytes = measureBatch(batch, settings.maxRecordBytes);
      pending.take(bytes);
      try {
        return await laneOf(topic).append(batch);
      } finally {
        pending.give(bytes);
      }
    },
    read(topic, readOptions) {
      throwIfClosed();
      return client.read(topic, readOptions);
    },
    consume(topic, consumeOptions) {
      throwIfClosed();
      return client.consume(topic, consumeOptions);
    },
    async commit(topic, group, next) {
      throwIfClosed();
      await client.commit(topic, group, next);
    },
    membershipAgeMs: (topic, group) => client.membershipAgeMs(topic, group),
    async committed(topic, group) {
      throwIfClosed();
      return client.committed(topic, group);
    },
    async bounds(topic) {
      throwIfClosed();
      return client.bounds(topic);
    },
    pending: () => pending.now(),
    async health() {
      if (closed !== undefined) return { ok: false, reason: 'the stream is closed' };
      try {
        await client.ping();
        return { ok: true, reason: '' };
      } catch (error) {
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },
    close() {
      closed ??= shutDown();
      return closed;
    },
  };
}

function createClient(settings: KafkaSettings): KafkaClient {
  switch (settings.client) {
    case 'kafkajs':
      return createKafkajsClient(settings);
    case 'platformatic':
      return createPlatformaticClient(settings);
  }
}
