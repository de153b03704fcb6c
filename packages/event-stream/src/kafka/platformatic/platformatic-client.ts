import { ConfigResourceTypes, IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import { StreamError } from '../../errors.ts';
import type { Bounds, ConsumeOptions, ReadOptions, RecordBatch, TopicSettings } from '../../interface.ts';
import { DEFAULT_MAX_BATCH_BYTES } from '../../limits.ts';
import type { KafkaClient } from '../client.ts';
import { toStreamError, unknownTopic } from '../client-errors.ts';
import { type KafkaSettings, topicConfig } from '../options.ts';
import { isAborted, patiently } from '../patiently.ts';
import { toRecordBatches } from '../record-batches.ts';
import { BROKER_ERROR, hasBrokerError } from './broker-errors.ts';
import { createCluster } from './cluster.ts';
import { fetchBytes, type FetchCursor, fetchRound } from './fetch-loop.ts';
import { createGroupMember, type GroupMember } from './group-member.ts';
import { createProducer } from './producer.ts';

/** How long a new topic may take to be usable. */
const READY_TIMEOUT_MS = 15_000;

/** The client over @platformatic/kafka: its connections, administration and group membership, our hot path. */
export function createPlatformaticClient(settings: KafkaSettings): KafkaClient {
  const cluster = createCluster(settings);
  const { admin } = cluster;
  const producer = createProducer(cluster, settings);
  const members = new Map<string, GroupMember>();
  const closing = new AbortController();
  let administering: Promise<void> = Promise.resolve();

  async function doing<T>(what: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (closing.signal.aborted) throw closedUnderCaller();
      throw toStreamError(error, what);
    }
  }

  async function createTopic(topic: TopicSettings, config: Record<string, string>): Promise<boolean> {
    try {
      await admin.createTopics({
        topics: [{ topic: topic.name, partitions: topic.partitions, replicas: settings.replicas }],
        configs: Object.entries(config).map(([name, value]) => ({ name, value })),
      });
      return true;
    } catch (error) {
      if (hasBrokerError(error, BROKER_ERROR.topicAlreadyExists)) return false;
      throw error;
    }
  }

  async function alterTopic(topic: TopicSettings, config: Record<string, string>): Promise<void> {
    await admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName: topic.name,
          configs: Object.entries(config).map(([name, value]) => ({
            name,
            configOperation: IncrementalAlterConfigOperationTypes.SET,
            value,
          })),
        },
      ],
    });
    const { leaders } = await cluster.topic(topic.name, true).catch(unavailable);
    if (leaders.length < topic.partitions)
      await admin.createPartitions({
        topics: [{ name: topic.name, count: topic.partitions }],
      });
  }

  async function offsetsAt(topic: string, timestamp: bigint): Promise<Map<number, number>> {
    const { leaders } = await cluster.topic(topic, false);
    const listed = await admin.listOffsets({
      topics: [
        {
          name: topic,
          partitions: leaders.map((_leader, partitionIndex) => ({ partitionIndex, timestamp })),
        },
      ],
    });
    const found = new Map<number, number>();
    for (const { name, partitions } of listed)
      if (name === topic)
        for (const { partitionIndex, offset } of partitions) found.set(partitionIndex, Number(offset));
    return found;
  }

  async function bounds(topic: string): Promise<Map<number, Bounds>> {
    return doing(`listing the offsets of topic ${topic}`, async () => {
      const [first, next] = await Promise.all([offsetsAt(topic, -2n), offsetsAt(topic, -1n)]);
      return new Map(
        [...next].map(([partition, end]) => [partition, { first: first.get(partition) ?? 0, next: end }]),
      );
    });
  }

  async function committed(topic: string, group: string): Promise<Map<number, number>> {
    return doing(`reading the offsets of group ${group}`, async () => {
      const { leaders } = await cluster.topic(topic, false);
      const groups = await admin.listConsumerGroupOffsets({
        groups: [
          {
            groupId: group,
            topics: [{ name: topic, partitionIndexes: leaders.map((_leader, index) => index) }],
          },
        ],
      });
      const found = new Map<number, number>();
      for (const { topics } of groups)
        for (const { name, partitions } of topics)
          if (name === topic)
            for (const { partitionIndex, committedOffset } of partitions)
              if (committedOffset >= 0n) found.set(partitionIndex, Number(committedOffset));
      return found;
    });
  }

  async function* readFrom(
    topic: string,
    options: ReadOptions,
    asked: Promise<Map<number, Bounds>>,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const patienceMs = options.follow ? Infinity : settings.deliveryTimeoutMs;
    const seen = await patiently({ patienceMs, signal: options.signal }, `reading topic ${topic}`, (again) =>
      again ? bounds(topic) : asked,
    );
    if (seen === undefined) return;
    const cursors = new Map<number, FetchCursor>();
    for (const [partition, offset] of options.from) {
      const bound = seen.get(partition);
      if (bound === undefined) throw unknownTopic(`${topic}, partition ${partition}`);
      cursors.set(partition, {
        at: Math.max(offset, bound.first),
        end: options.follow ? Infinity : bound.next,
      });
    }
    const signal =
      options.signal === undefined ? closing.signal : AbortSignal.any([options.signal, closing.signal]);
    const maxBatchBytes = options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES;
    const pool = cluster.createPool();
    const round = {
      cluster,
      pool,
      topic,
      maxFetchBytes: fetchBytes(maxBatchBytes),
      turn: { count: 0 },
      patienceMs,
      signal,
    };
    try {
      for (;;) {
        const left = new Map([...cursors].filter(([, cursor]) => cursor.at < cursor.end));
        if (left.size === 0 || isAborted(options.signal)) return;
        if (closing.signal.aborted) throw closedUnderCaller();
        for (const part of await fetchRound(round, left)) {
          const cursor = left.get(part.partition);
          if (cursor === undefined) continue;
          for (const batch of toRecordBatches(
            topic,
            part.partition,
            part.records,
            cursor.end,
            maxBatchBytes,
          )) {
            if (isAborted(options.signal)) return;
            yield batch;
          }
          cursor.at = part.next;
        }
      }
    } finally {
      await pool.close();
    }
  }

  return {
    ensureTopic(topic) {
      const config = topicConfig(topic, settings.maxRecordBytes);
      const ensured = doing(`creating topic ${topic.name}`, async () => {
        // One at a time: the library answers requests that overlap with the answer of the first.
        await administering.catch(() => undefined);
        // Another process may have made it a moment ago: the brokers know the name, and not all of them the topic.
        if (!(await createTopic(topic, config)))
          await patiently(
            { patienceMs: READY_TIMEOUT_MS, signal: closing.signal },
            `setting up topic ${topic.name}`,
            () => alterTopic(topic, config),
          );
        // Made is not ready: every partition has to have a leader that knows of it.
        await patiently(
          { patienceMs: READY_TIMEOUT_MS, signal: closing.signal },
          `waiting for topic ${topic.name}`,
          async () => {
            const { leaders } = await cluster.topic(topic.name, true).catch(unavailable);
            if (leaders.length < topic.partitions || leaders.includes(undefined))
              throw new Error('some partitions have no leader yet');
          },
        );
      });
      administering = ensured;
      return ensured;
    },
    partitions: (topic) =>
      doing(`looking up topic ${topic}`, async () => (await cluster.topic(topic, true)).leaders.length),
    produce: (topic, batches) => producer.produce(topic, batches),
    read(topic, options) {
      const ends = bounds(topic);
      // Reported when it is read; a reader that never starts must not end the process.
      ends.catch(() => undefined);
      return readFrom(topic, options, ends);
    },
    async *consume(topic: string, options: ConsumeOptions) {
      const place = `${topic}/${options.group}`;
      const signal = AbortSignal.any([options.signal, closing.signal]);
      await patiently({ patienceMs: Infinity, signal }, `looking up topic ${topic}`, () =>
        cluster.topic(topic, true),
      );
      const member = createGroupMember({
        cluster,
        settings,
        topic,
        options,
        committed: () => committed(topic, options.group),
        closed: closing.signal,
      });
      members.set(place, member);
      try {
        yield* member.batches();
      } finally {
        if (members.get(place) === member) members.delete(place);
      }
      if (closing.signal.aborted && !options.signal.aborted) throw closedUnderCaller();
    },
    async commit(topic, group, next) {
      const member = members.get(`${topic}/${group}`);
      if (member !== undefined) return member.commit(next);
      await doing(`committing offsets of group ${group}`, () =>
        admin.alterConsumerGroupOffsets({
          groupId: group,
          topics: [
            {
              name: topic,
              partitionOffsets: [...next].map(([partition, offset]) => ({
                partition,
                offset: BigInt(offset),
              })),
            },
          ],
        }),
      );
    },
    committed,
    bounds,
    membershipAgeMs: (topic, group) => members.get(`${topic}/${group}`)?.ageMs() ?? Infinity,
    async ping() {
      await doing('asking for the cluster', () => admin.metadata({ topics: [], forceUpdate: true }));
    },
    async close() {
      closing.abort();
      await producer.close();
      await cluster.close();
    },
  };
}

function closedUnderCaller(): StreamError {
  return new StreamError('STREAM_CLOSED', 'the stream was closed meanwhile');
}

/** A broker that has not heard of the new topic yet. */
function unavailable(error: unknown): never {
  throw new Error('the topic is not known everywhere yet', { cause: error });
}
