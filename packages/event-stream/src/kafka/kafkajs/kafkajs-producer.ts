import kafkajs, { type Message, type Producer } from 'kafkajs';
import { StreamError } from '../../errors.ts';
import type { ProduceBatch } from '../client.ts';
import type { KafkaSettings } from '../options.ts';
import { connectKafkajs } from './kafkajs-connect.ts';
import { toStreamError, wordsOf } from '../client-errors.ts';
import { isTooLarge } from './kafkajs-errors.ts';

const COMPRESSION = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  zstd: kafkajs.CompressionTypes.ZSTD,
} as const;

/** Appends through kafkajs; it tries again by itself, and recognises what was taken by an idempotent producer. */
export interface KafkajsProducer {
  produce(topic: string, batches: readonly ProduceBatch[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

export function createKafkajsProducer(settings: KafkaSettings): KafkajsProducer {
  let connected: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const producer = connectKafkajs(settings).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Every message names its partition. Naming a partitioner also keeps the library from warning of its default.
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
    await producer.connect();
    return producer;
  }

  /**
   * After a failure it is not known what the broker took, and the sequence numbers may be off by that: a batch
   * that reuses them could be taken for one the broker has. A new producer starts with new numbers.
   */
  function forget(): void {
    const old = connected;
    connected = undefined;
    old?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  return {
    async produce(topic, batches) {
      const deadline = AbortSignal.timeout(settings.deliveryTimeoutMs);
      const late = new Promise<never>((_resolve, reject) => {
        deadline.addEventListener('abort', () => {
          reject(
            new StreamError('STREAM_UNAVAILABLE', `Kafka did not take an append to topic ${topic} in time`),
          );
        });
      });
      late.catch(() => undefined);
      try {
        const producer = await Promise.race([(connected ??= connect()), late]);
        const sent = producer.send({
          topic,
          acks: -1,
          timeout: settings.requestTimeoutMs,
          compression: COMPRESSION[settings.compression],
          messages: batches.flatMap((batch) => toMessages(batch)),
        });
        sent.catch(() => undefined);
        const metadata = await Promise.race([sent, late]);
        return batches.map(({ partition }) => {
          const found = metadata.find((one) => one.partition === partition);
          return Number(found?.baseOffset ?? -1);
        });
      } catch (error) {
        forget();
        if (isTooLarge(error))
          throw new StreamError(
            'STREAM_RECORD_TOO_LARGE',
            `the brokers refuse a batch for topic ${topic}: raise its max.message.bytes (${wordsOf(error)})`,
            { cause: error },
          );
        throw toStreamError(error, `appending to topic ${topic}`);
      }
    },
    async close() {
      const producer = await connected?.catch(() => undefined);
      connected = undefined;
      await producer?.disconnect();
    },
  };
}

function toMessages({ partition, records }: ProduceBatch): Message[] {
  const timestamp = String(Date.now());
  return records.map(({ record, shared }) => ({
    partition,
    timestamp,
    key: record.key,
    value: record.value === null ? null : asBuffer(record.value),
    headers: { ...shared, ...record.headers },
  }));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
