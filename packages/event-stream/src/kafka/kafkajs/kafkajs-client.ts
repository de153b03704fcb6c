import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import kafkajs, { type Admin } from 'kafkajs';
import { StreamError } from '../../errors.ts';
import type { Bounds, ConsumeOptions, ReadOptions, RecordBatch, TopicSettings } from '../../interface.ts';
import type { KafkaClient } from '../client.ts';
import { toStreamError, unknownTopic } from '../client-errors.ts';
import { type KafkaSettings, topicConfig } from '../options.ts';
import { patiently } from '../patiently.ts';
import { brokerErrorType, hasForgotten, isCutOff } from './kafkajs-errors.ts';
import { connectKafkajs } from './kafkajs-connect.ts';
import { createKafkajsMember, type KafkajsMember } from './kafkajs-member.ts';
import { createKafkajsProducer } from './kafkajs-producer.ts';

/** How often, and how far apart (ms), a topic another process is making is looked for. */
const TOPIC_TRIES = 40;
const TOPIC_RETRY_MS = 250;
const SETTLING = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'GROUP_LOAD_IN_PROGRESS',
]);

/** The client over kafkajs. It can only read as a member of a group, so a plain read joins one of its own. */
export function createKafkajsClient(settings: KafkaSettings): KafkaClient {
  const producer = createKafkajsProducer(settings);
  const members = new Map<string, KafkajsMember>();
  const closing = new AbortController();
  let connected: Promise<Admin> | undefined;

  async function connect(): Promise<Admin> {
    // Questions are answered soon or not at all: it is appends that wait for a broker to come back.
    const admin = connectKafkajs({
      ...settings,
      deliveryTimeoutMs: Math.min(3_000, settings.deliveryTimeoutMs),
    }).admin();
    await admin.connect();
    return admin;
  }

  /** A question that fails throws the connection away; others that were under way on it are asked again on the next. */
  async function asking<T>(what: string, action: (admin: Admin) => Promise<T>, again = 3): Promise<T> {
    const mine = (connected ??= connect());
    try {
      return await action(await mine);
    } catch (error) {
      if (error instanceof StreamError) throw error;
      if (connected === mine) {
        connected = undefined;
        mine.then((admin) => admin.disconnect()).catch(() => undefined);
      } else if (again > 0 && isCutOff(error) && !closing.signal.aborted) {
        return asking(what, action, again - 1);
      }
      throw toStreamError(error, what);
    }
  }

  async function partitionsOf(admin: Admin, topic: string): Promise<number> {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const count = topics[0]?.partitions.length ?? 0;
      if (count > 0) return count;
    } catch (error) {
      if (brokerErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    }
    throw unknownTopic(topic);
  }

  async function ensure(admin: Admin, topic: TopicSettings): Promise<void> {
    const configEntries = Object.entries(topicConfig(topic, settings.maxRecordBytes)).map(
      ([name, value]) => ({ name, value }),
    );
    const made = await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: settings.replicas,
          configEntries,
        },
      ],
    });
    if (made) return;
    // Another process may have made it a moment ago: the brokers know the name, and not all of them the topic.
    await trying(
      () => adapt(admin, topic, configEntries),
      () => true,
    );
  }

  async function adapt(
    admin: Admin,
    topic: TopicSettings,
    configEntries: { name: string; value: string }[],
  ): Promise<void> {
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic.name, configEntries }],
    });
    if ((await partitionsOf(admin, topic.name)) < topic.partitions)
      await admin.createPartitions({ topicPartitions: [{ topic: topic.name, count: topic.partitions }] });
  }

  function bounds(topic: string): Promise<Map<number, Bounds>> {
    return trying(() => askBounds(topic), isSettling);
  }

  function askBounds(topic: string): Promise<Map<number, Bounds>> {
    return asking(`listing the offsets of topic ${topic}`, async (admin) => {
      await partitionsOf(admin, topic);
      const offsets = await admin.fetchTopicOffsets(topic);
      return new Map(
        offsets.map(({ partition, low, high }) => [partition, { first: Number(low), next: Number(high) }]),
      );
    });
  }

  function committed(topic: string, group: string): Promise<Map<number, number>> {
    return trying(() => askCommitted(topic, group), isSettling);
  }

  function askCommitted(topic: string, group: string): Promise<Map<number, number>> {
    return asking(`reading the offsets of group ${group}`, async (admin) => {
      await partitionsOf(admin, topic);
      const found = new Map<number, number>();
      for (const { partitions } of await admin.fetchOffsets({ groupId: group, topics: [topic] }))
        for (const { partition, offset } of partitions)
          if (Number(offset) >= 0) found.set(partition, Number(offset));
      return found;
    });
  }

  /** Aborts with the reader's signal, and when the stream is closed. */
  function unlessEnded(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
  }

  /** Throws at the end of a reading that its reader did not ask for. */
  function endReading(signal: AbortSignal | undefined): void {
    if (closing.signal.aborted && signal?.aborted !== true)
      throw new StreamError('STREAM_CLOSED', 'the stream was closed while it was being read');
  }

  async function* readFrom(
    topic: string,
    options: ReadOptions,
    ends: Promise<Map<number, Bounds>>,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const seen = await patiently(
      {
        patienceMs: options.follow ? Infinity : settings.deliveryTimeoutMs,
        signal: unlessEnded(options.signal),
      },
      `reading topic ${topic}`,
      (again) => (again ? bounds(topic) : ends),
    );
    if (seen === undefined) return endReading(options.signal);
    const starts = new Map<number, number>();
    const left = new Map<number, number>();
    for (const [partition, offset] of options.from) {
      const bound = seen.get(partition);
      if (bound === undefined) throw unknownTopic(`${topic}, partition ${partition}`);
      const at = Math.max(offset, bound.first);
      starts.set(partition, at);
      if (options.follow || at < bound.next) left.set(partition, options.follow ? Infinity : bound.next);
    }
    const group = `${settings.clientId}-read-${randomUUID()}`;
    const done = new AbortController();
    const member = createKafkajsMember({
      settings,
      topic,
      group,
      maxBatchBytes: options.maxBatchBytes,
      signal: AbortSignal.any([unlessEnded(options.signal), done.signal]),
      // Partitions nobody asked for start at their end, and what comes after is dropped below.
      startAt: async (partitions) =>
        new Map(partitions.map((p) => [p, starts.get(p) ?? seen.get(p)?.next ?? 0])),
      revoked: async () => undefined,
    });
    try {
      if (left.size === 0) return;
      for await (const { batch, next } of member.batches()) {
        const end = left.get(batch.partition);
        if (end === undefined) continue;
        const records = batch.records.filter((record) => record.offset < end);
        if (records.length > 0) yield { ...batch, records };
        // The group may be joined again: go on from here then.
        const at = next ?? (batch.records.at(-1)?.offset ?? 0) + 1;
        starts.set(batch.partition, at);
        if (at >= end) left.delete(batch.partition);
        if (left.size === 0) return;
      }
      endReading(options.signal);
    } finally {
      done.abort();
      if (!closing.signal.aborted)
        await asking('removing a group', (admin) => admin.deleteGroups([group])).catch(() => undefined);
    }
  }

  async function* consumeAs(
    topic: string,
    options: ConsumeOptions,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const signal = unlessEnded(options.signal);
    const looking = `looking up topic ${topic}`;
    await patiently({ patienceMs: Infinity, signal }, looking, () =>
      asking(looking, (admin) => partitionsOf(admin, topic)),
    );
    const place = `${topic}/${options.group}`;
    const member = createKafkajsMember({
      settings,
      topic,
      group: options.group,
      maxBatchBytes: options.maxBatchBytes,
      signal,
      startAt: options.startAt,
      revoked: async (partitions) => options.revoked?.(partitions),
    });
    members.set(place, member);
    try {
      for await (const { batch } of member.batches()) yield batch;
    } finally {
      if (members.get(place) === member) members.delete(place);
    }
    endReading(options.signal);
  }

  return {
    ensureTopic: (topic) =>
      trying(() => asking(`creating topic ${topic.name}`, (admin) => ensure(admin, topic)), isSettling),
    partitions: (topic) => asking(`looking up topic ${topic}`, (admin) => partitionsOf(admin, topic)),
    produce: (topic, batches) => producer.produce(topic, batches),
    read(topic, options) {
      const ends = bounds(topic);
      // Reported when it is read; a reader that never starts must not end the process.
      ends.catch(() => undefined);
      return readFrom(topic, options, ends);
    },
    consume: consumeAs,
    async commit(topic, group, next) {
      const member = members.get(`${topic}/${group}`);
      try {
        if (member !== undefined) return await member.commit(next);
      } catch (error) {
        throw toStreamError(error, `committing offsets of group ${group}`);
      }
      await asking(`committing offsets of group ${group}`, (admin) =>
        admin.setOffsets({
          groupId: group,
          topic,
          partitions: [...next].map(([partition, offset]) => ({ partition, offset: String(offset) })),
        }),
      );
    },
    committed,
    bounds,
    membershipAgeMs: (topic, group) => members.get(`${topic}/${group}`)?.ageMs() ?? Infinity,
    async ping() {
      await asking('asking for the cluster', (admin) => admin.describeCluster());
    },
    async close() {
      closing.abort();
      await producer.close();
      const admin = await connected?.catch(() => undefined);
      await admin?.disconnect();
    },
  };
}

async function trying<T>(action: () => Promise<T>, isWorthIt: (error: unknown) => boolean): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await action();
    } catch (error) {
      if (tries === TOPIC_TRIES || !isWorthIt(error)) throw error;
      await sleep(TOPIC_RETRY_MS);
    }
  }
}

/**
 * The brokers have not agreed yet on a topic that is being made, or on who leads it after one of them came back; or the one
 * that coordinates a group is still reading what it committed. The library does not ask again, or stumbles over what it learnt meanwhile; `asking` has thrown that connection away.
 */
function isSettling(error: unknown): boolean {
  if (!(error instanceof StreamError)) return false;
  return hasForgotten(error.cause) || SETTLING.has(brokerErrorType(error.cause));
}
