/**
 * Reads the Kafka topics of registered sources: one membership in a consumer group per source, started, stopped and
 * changed as the control state says. Records go into `cadf.records` first, like those of every way in over the
 * network; once they are durable there, the offsets of the foreign topic are committed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlState, SourceDefinition } from '@cadf-pipeline/control-state';
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import type { AppendRecord, EventStream, RecordBatch, StreamRecord } from '@cadf-pipeline/event-stream';
import { encodeReceived } from '../records/received-record.ts';
import { RECORDS_TOPIC } from '../topics.ts';
import { connectionFor } from './kafka-security.ts';
import type { KafkaSecurity } from './kafka-security.ts';
import { recordOfMessage } from './record-of-message.ts';

export interface KafkaSourcesDependencies {
  readonly state: Pick<ControlState, 'get' | 'list' | 'onChange'>;
  readonly stream: EventStream;
  /** Brokers of other clusters that sources may name. */
  readonly allowedBrokers: readonly string[];
  readonly security: KafkaSecurity;
  /** Brokers of the pipeline's own cluster; none with the embedded stream. */
  readonly ownBrokers: readonly string[];
  readonly maxRecordBytes: number;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

export interface KafkaSources {
  start(): void;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
  /** Sources whose topic is not being read, and why. */
  troubles(): ReadonlyMap<string, string>;
}

interface Reader {
  readonly definition: string;
  readonly stopping: AbortController;
  readonly done: Promise<void>;
}

const RETRY_MS = 2000;
const MAX_RETRY_MS = 60_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Records appended in one go: what else the process does must not wait for the whole batch to be read. */
const CHUNK_RECORDS = 1000;
const APPEND_RETRY_MS = 500;
/** Who submits what is read from topics. */
const SUBMITTER = 'kafka';
/** Topics and groups of the pipeline itself. */
const OWN_PREFIX = 'cadf.';

export function createKafkaSources(dependencies: KafkaSourcesDependencies): KafkaSources {
  const { state, stream, allowedBrokers, security, ownBrokers, maxRecordBytes, now, logger } = dependencies;
  const readers = new Map<string, Reader>();
  const troubles = new Map<string, string>();
  let unlisten = (): void => undefined;
  // Changes are applied one after the other, so that a source never has two readers.
  let applying: Promise<void> = Promise.resolve();
  let isStopped = false;

  function apply(id: string): void {
    applying = applying.then(async () => {
      const found = state.get('source', id)?.entity;
      const kafka = found?.kafka;
      const definition = JSON.stringify(kafka);
      const current = readers.get(id);
      if (isStopped || current?.definition === definition) return;
      current?.stopping.abort();
      await current?.done;
      readers.delete(id);
      troubles.delete(id);
      if (kafka === undefined) return;
      const stopping = new AbortController();
      readers.set(id, { definition, stopping, done: run(id, kafka, stopping.signal) });
    });
  }

  async function run(id: string, kafka: KafkaDefinition, signal: AbortSignal): Promise<void> {
    let waitMs = RETRY_MS;
    for (; !signal.aborted; waitMs = Math.min(2 * waitMs, MAX_RETRY_MS)) {
      const began = performance.now();
      try {
        await read(id, kafka, signal);
      } catch (error) {
        if (performance.now() - began > MAX_RETRY_MS) waitMs = RETRY_MS;
        troubles.set(id, error instanceof Error ? error.message : String(error));
        logger.warn(
          { err: error, source: id, topic: kafka.topic },
          'the Kafka topic of a source is not being read, trying again',
        );
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async function read(id: string, kafka: KafkaDefinition, signal: AbortSignal): Promise<void> {
    if (kafka.topic.startsWith(OWN_PREFIX)) throw new Error(`topic ${kafka.topic} is the pipeline's own`);
    const from = connect(kafka);
    const group = kafka.group ?? `cadf-source-${id}`;
    try {
      logger.info({ source: id, topic: kafka.topic, group }, 'reading a Kafka topic');
      const batches = from.stream.consume(kafka.topic, {
        group,
        signal,
        maxBatchBytes: MAX_BATCH_BYTES,
        startAt: (partitions) => committedOf(from.stream, kafka.topic, group, partitions),
      });
      for await (const batch of batches) {
        if (!(await take(id, kafka, batch, signal))) return;
        const last = batch.records.at(-1);
        if (last !== undefined)
          await from.stream.commit(kafka.topic, group, new Map([[batch.partition, last.offset + 1]]));
        troubles.delete(id);
      }
    } finally {
      if (from.isOurs) await from.stream.close();
    }
  }

  /** `isOurs`: to be closed. The pipeline's own cluster is spoken to by its own connection. */
  function connect({ brokers }: KafkaDefinition): { readonly stream: EventStream; readonly isOurs: boolean } {
    if (brokers === undefined || brokers.every((broker) => ownBrokers.includes(broker))) {
      if (stream.kind === 'kafka') return { stream, isOurs: false };
      throw new Error('name the brokers: the embedded stream is no Kafka cluster');
    }
    const found = connectionFor(brokers, allowedBrokers, security);
    if ('fault' in found) throw new Error(found.fault);
    return { stream: createKafkaStream(found.options), isOurs: true };
  }

  /** False: given up because the reader stops. */
  async function take(
    id: string,
    kafka: KafkaDefinition,
    batch: RecordBatch,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (let start = 0; start < batch.records.length; start += CHUNK_RECORDS) {
      const receivedMs = now();
      const records = batch.records
        .slice(start, start + CHUNK_RECORDS)
        .flatMap((message) => toRecord(id, kafka, message, receivedMs));
      for (;;) {
        try {
          await stream.append(RECORDS_TOPIC, { records });
          break;
        } catch (error) {
          if (signal.aborted) return false;
          logger.warn(
            { err: error, source: id },
            'records of a Kafka topic are not durable yet, trying again',
          );
          await sleep(APPEND_RETRY_MS, undefined, { signal }).catch(() => undefined);
        }
      }
    }
    return true;
  }

  function toRecord(
    id: string,
    kafka: KafkaDefinition,
    message: StreamRecord,
    receivedMs: number,
  ): readonly AppendRecord[] {
    // A tombstone of a compacted topic: there is no record.
    if (message.value === null) return [];
    const { bytes, envelope } = recordOfMessage(message.value, {
      ...(kafka.field === undefined ? {} : { field: kafka.field }),
      ...(kafka.hostField === undefined ? {} : { hostField: kafka.hostField }),
    });
    if (bytes.length === 0) return [];
    const isLong = bytes.length > maxRecordBytes;
    return [
      encodeReceived(isLong ? bytes.subarray(0, maxRecordBytes) : bytes, {
        source: id,
        sender: envelope?.host ?? `${kafka.topic}/${message.partition}`,
        submitter: SUBMITTER,
        receivedMs,
        position: `${kafka.topic}/${message.partition}:${message.offset}`,
        ...(envelope === undefined ? {} : { envelope }),
        ...(isLong ? { cutFromBytes: bytes.length } : {}),
      }),
    ];
  }

  return {
    start() {
      unlisten = state.onChange((kind, id) => {
        if (kind === 'source') apply(id);
      });
      for (const { entity } of state.list('source')) apply(entity.id);
    },
    async stop() {
      isStopped = true;
      unlisten();
      for (const { stopping } of readers.values()) stopping.abort();
      await applying;
      for (const { stopping } of readers.values()) stopping.abort();
      await Promise.all([...readers.values()].map(({ done }) => done));
      readers.clear();
    },
    troubles: () => troubles,
  };
}

type KafkaDefinition = NonNullable<SourceDefinition['kafka']>;

async function committedOf(
  stream: EventStream,
  topic: string,
  group: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const committed = await stream.committed(topic, group);
  return new Map(partitions.map((partition) => [partition, committed.get(partition) ?? 0]));
}
