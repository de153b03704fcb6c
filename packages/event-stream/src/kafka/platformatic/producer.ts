/**
 * An idempotent producer (KIP-98, KIP-360) over the library's connections.
 *
 * Each partition's batches carry a producer id, an epoch and a running sequence number. A batch is sent again,
 * byte for byte, until the broker answers or the time is up: the broker recognises what it already has. When the
 * time is up it is not known whether the broker took it, so the epoch is raised: the broker then refuses what may
 * still arrive of the old epoch after the first batch of the new one, and order holds.
 */
import { crc32c } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import type { ProduceBatch } from '../client.ts';
import { CODEC, compress } from '../compression.ts';
import type { KafkaSettings } from '../options.ts';
import { createRecordEncoder, frameBatch } from '../record-batch-encode.ts';
import { toStreamError, unknownTopic, wordsOf } from '../client-errors.ts';
import { BROKER_ERROR, isTransient } from './broker-errors.ts';
import { type Cluster, discard } from './cluster.ts';
import { createProducerIdentity, type SequencedIdentity } from './producer-identity.ts';
import { type FramedBatch, type ProduceResult, sendProduce } from './produce-request.ts';

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;
/** Bytes encoded and compressed before others get a turn of the event loop: some 2 ms. */
const YIELD_BYTES = 1024 * 1024;

export interface Producer {
  produce(topic: string, batches: readonly ProduceBatch[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** A batch on its way, until it has an offset. */
interface Delivery {
  readonly partition: number;
  readonly packed: Buffer;
  readonly count: number;
  readonly timestampMs: number;
  sealed: { readonly identity: SequencedIdentity; readonly bytes: Buffer } | undefined;
  baseOffset: number | undefined;
}

export function createProducer(cluster: Cluster, settings: KafkaSettings): Producer {
  const pool = cluster.createPool();
  const identities = createProducerIdentity(cluster, pool);
  const encode = createRecordEncoder();
  const codec = CODEC[settings.compression];
  const closing = new AbortController();

  async function prepare(batches: readonly ProduceBatch[]): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    let bytes = 0;
    for (const { partition, records } of batches) {
      const encoded = encode(records);
      const packed = compress(settings.compression, encoded);
      deliveries.push({
        partition,
        // The encoder's memory is used again.
        packed: packed === encoded ? Buffer.from(packed) : packed,
        count: records.length,
        timestampMs: Date.now(),
        sealed: undefined,
        baseOffset: undefined,
      });
      bytes += encoded.length;
      if (bytes > YIELD_BYTES) {
        bytes = 0;
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
    return deliveries;
  }

  /** Gives the batch its identity; it keeps it through every try, unless the broker asks for another. */
  async function seal(topic: string, delivery: Delivery): Promise<void> {
    const identity = await identities.next(topic, delivery.partition);
    const bytes = frameBatch(delivery.packed, codec, delivery.count, delivery.timestampMs, identity, crc32c);
    delivery.sealed = { identity, bytes };
  }

  /** One try for every batch that has no offset yet. Answers why the last one failed, or undefined when all went well. */
  async function attempt(
    topic: string,
    deliveries: readonly Delivery[],
    fresh: boolean,
  ): Promise<string | undefined> {
    const { leaders } = await cluster.topic(topic, fresh);
    for (const delivery of deliveries) if (delivery.sealed === undefined) await seal(topic, delivery);
    const byLeader = new Map<string, { broker: { host: string; port: number }; deliveries: Delivery[] }>();
    let failure: string | undefined;
    for (const delivery of deliveries) {
      if (delivery.partition >= leaders.length)
        throw unknownTopic(`${topic}, partition ${delivery.partition}`);
      const broker = leaders[delivery.partition];
      if (broker === undefined) {
        failure = `partition ${delivery.partition} has no leader`;
        continue;
      }
      const key = `${broker.host}:${broker.port}`;
      const group = byLeader.get(key);
      if (group === undefined) byLeader.set(key, { broker, deliveries: [delivery] });
      else group.deliveries.push(delivery);
    }
    // All of them are waited for, so that nothing of this try is under way when the next one starts.
    const outcomes = await Promise.allSettled(
      [...byLeader.values()].map((group) => sendTo(topic, group.broker, group.deliveries)),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      failure = outcome.value ?? failure;
    }
    return failure;
  }

  async function sendTo(
    topic: string,
    broker: { host: string; port: number },
    deliveries: Delivery[],
  ): Promise<string | undefined> {
    let results: ProduceResult[];
    try {
      const connection = await pool.get(broker);
      const batches: FramedBatch[] = deliveries.map(({ partition, sealed, packed }) => ({
        partition,
        bytes: sealed?.bytes ?? packed,
      }));
      try {
        results = await sendProduce(connection, topic, batches, settings.requestTimeoutMs);
      } catch (error) {
        discard(connection);
        throw error;
      }
    } catch (error) {
      return wordsOf(error);
    }
    let failure: string | undefined;
    for (const delivery of deliveries) {
      const result = results.find((one) => one.partition === delivery.partition);
      failure = settle(topic, delivery, result) ?? failure;
    }
    return failure;
  }

  function settle(topic: string, delivery: Delivery, result: ProduceResult | undefined): string | undefined {
    if (result === undefined) return 'the broker left out a partition';
    const { errorCode } = result;
    if (errorCode === 0 || errorCode === BROKER_ERROR.duplicateSequence) {
      delivery.baseOffset = result.baseOffset;
      if (delivery.sealed !== undefined)
        identities.advance(topic, delivery.partition, delivery.sealed.identity, delivery.count);
      return undefined;
    }
    const words = `partition ${delivery.partition}: error ${errorCode} ${result.errorMessage ?? ''}`;
    if (errorCode === BROKER_ERROR.messageTooLarge || errorCode === BROKER_ERROR.recordListTooLarge)
      throw new StreamError(
        'STREAM_RECORD_TOO_LARGE',
        `the brokers refuse a batch of ${delivery.packed.length} bytes for topic ${topic}: raise its max.message.bytes`,
      );
    if (
      errorCode === BROKER_ERROR.outOfOrderSequence ||
      errorCode === BROKER_ERROR.unknownProducerId ||
      errorCode === BROKER_ERROR.invalidProducerEpoch
    ) {
      // The broker forgot this producer (retention, an unclean election): start anew under another id.
      if (delivery.sealed !== undefined) identities.renew(delivery.sealed.identity);
      delivery.sealed = undefined;
      return words;
    }
    if (isTransient(errorCode)) return words;
    throw new StreamError('STREAM_UNAVAILABLE', `Kafka refused an append to topic ${topic}: ${words}`);
  }

  async function deliver(topic: string, deliveries: readonly Delivery[], deadline: number): Promise<void> {
    let delay = FIRST_DELAY_MS;
    for (let fresh = false; ; fresh = true) {
      const left = deliveries.filter((delivery) => delivery.baseOffset === undefined);
      const failure = await attempt(topic, left, fresh).catch((error: unknown) => {
        // Refusals are final; what the library reports of the network is not.
        if (error instanceof StreamError) throw error;
        return wordsOf(error);
      });
      if (failure === undefined) return;
      if (Date.now() + delay > deadline || closing.signal.aborted)
        throw new StreamError(
          'STREAM_UNAVAILABLE',
          `Kafka did not take an append to topic ${topic} in time: ${failure}`,
        );
      await sleep(delay, undefined, { signal: closing.signal }).catch(() => undefined);
      delay = Math.min(delay * 2, MAX_DELAY_MS);
    }
  }

  return {
    async produce(topic, batches) {
      const deadline = Date.now() + settings.deliveryTimeoutMs;
      let deliveries: Delivery[] = [];
      try {
        deliveries = await prepare(batches);
        await deliver(topic, deliveries, deadline);
        return deliveries.map((delivery) => delivery.baseOffset ?? -1);
      } catch (error) {
        for (const { sealed, baseOffset } of deliveries)
          if (sealed !== undefined && baseOffset === undefined) identities.abandon(sealed.identity);
        throw toStreamError(error, `appending to topic ${topic}`);
      }
    },
    async close() {
      closing.abort();
      await pool.close();
    },
  };
}
