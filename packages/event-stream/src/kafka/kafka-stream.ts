import { StreamError } from '../errors.ts';
import type { EventStream, StreamHealth } from '../interface.ts';
import { checkTopicSettings, measureBatch } from '../limits.ts';
import { createPendingBudget } from '../pending.ts';
import { type AppendLane, createAppendLane } from './append-lane.ts';
import type { KafkaClient } from './client.ts';
import { createKafkajsClient } from './kafkajs/kafkajs-client.ts';
import { kafkaSettings, type KafkaSettings, type KafkaStreamOptions } from './options.ts';
import { createPartitionCounts } from './partition-counts.ts';
import { createPlatformaticClient } from './platformatic/platformatic-client.ts';

/** How long `health` waits for a broker. */
const HEALTH_TIMEOUT_MS = 3_000;

/**
 * The scaled backend: Apache Kafka 2.7 or later. Connects when first used. A key's partition is that of the Java
 * client's default (see `partitionOf`), with either client library.
 */
export function createKafkaStream(options: KafkaStreamOptions): EventStream {
  const settings = kafkaSettings(options);
  const client = createClient(settings);
  const pending = createPendingBudget(settings.maxPendingBytes);
  const lanes = new Map<string, AppendLane>();
  const counts = createPartitionCounts(client, settings.deliveryTimeoutMs);
  let appends = 0;
  let idle: () => void = () => undefined;
  let closed: Promise<void> | undefined;

  function throwIfClosed(): void {
    if (closed !== undefined) throw new StreamError('STREAM_CLOSED', 'the stream is closed');
  }

  function laneOf(topic: string): AppendLane {
    let lane = lanes.get(topic);
    if (lane === undefined) {
      lane = createAppendLane({
        partitions: () => counts.get(topic),
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
    if (appends > 0) await new Promise<void>((resolve) => (idle = resolve));
    await client.close();
  }

  return {
    kind: 'kafka',
    async createTopics(topics) {
      throwIfClosed();
      for (const topic of topics) checkTopicSettings(topic);
      for (const topic of topics) {
        await client.ensureTopic(topic);
        counts.forget(topic.name);
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
      appends += 1;
      try {
        return await laneOf(topic).append(batch);
      } finally {
        pending.give(bytes);
        appends -= 1;
        if (appends === 0) idle();
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
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<StreamHealth>((resolve) => {
        timer = setTimeout(resolve, HEALTH_TIMEOUT_MS, { ok: false, reason: 'Kafka: no broker answers' });
      });
      const asked = client.ping().then(
        () => ({ ok: true, reason: '' }),
        (error: unknown) => ({ ok: false, reason: error instanceof Error ? error.message : String(error) }),
      );
      try {
        return await Promise.race([asked, late]);
      } finally {
        clearTimeout(timer);
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
