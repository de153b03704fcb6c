import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { DEFAULT_MAX_PENDING_BYTES, DEFAULT_MAX_RECORD_BYTES } from '../limits.ts';
import type { KafkaCompression } from './compression.ts';

/** Which client library speaks to the brokers; the default is the one that measured better (docs/decisions/0001). */
export type KafkaClientName = 'kafkajs' | 'platformatic';

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/**
 * Says where connections may go: asked for each host as it was entered or as a broker told it, and for each address a
 * name leads to, before it is connected to. Why not, as a sentence; undefined where it may.
 */
export interface ConnectionGuard {
  refusalOfHost(host: string): string | undefined;
  refusalOfAddress(address: string): string | undefined;
}

/** How to reach a Kafka cluster. Times in milliseconds. */
export interface KafkaStreamOptions {
  /** `host:port` of some brokers; the others are found through them. At least one. */
  readonly brokers: readonly string[];
  readonly client?: KafkaClientName;
  /** Names this process in the brokers' logs and quotas. Default `cadf-pipeline`. */
  readonly clientId?: string;
  /** `true`: TLS with the system's authorities; an object: options of `tls.connect`. Default: no TLS. */
  readonly tls?: boolean | TlsOptions;
  readonly sasl?: KafkaSasl;
  /** Only with the client `platformatic`. Default: connections may go anywhere. */
  readonly guard?: ConnectionGuard;
  /** Default `zstd`. */
  readonly compression?: KafkaCompression;
  /** How long an append waits for more records before it is sent when nothing is under way. 0 to 5, default 0. */
  readonly lingerMs?: number;
  /** How long an append is tried before it fails with `STREAM_UNAVAILABLE`. Default 120,000. */
  readonly deliveryTimeoutMs?: number;
  /** How long one request may take. Default 30,000; at most `deliveryTimeoutMs`. */
  readonly requestTimeoutMs?: number;
  /** A member of a group that was not heard of for so long loses its partitions. Default 30,000. */
  readonly sessionTimeoutMs?: number;
  /** Copies of each partition of a topic made here; -1: the cluster's default. Default -1. */
  readonly replicas?: number;
  /** Bytes accepted and not yet acknowledged past which `append` refuses. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Most bytes of one value; topics are made with `max.message.bytes` to fit. Default 2 MiB. */
  readonly maxRecordBytes?: number;
  /** Most bytes of values in one request to the brokers. Default 8 MiB; one record may exceed it. */
  readonly maxRequestBytes?: number;
}

/** The options with every default filled in. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly client: KafkaClientName;
  readonly clientId: string;
  readonly tls: TlsOptions | undefined;
  readonly sasl: KafkaSasl | undefined;
  readonly guard: ConnectionGuard | undefined;
  readonly compression: KafkaCompression;
  readonly lingerMs: number;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  readonly replicas: number;
  readonly maxPendingBytes: number;
  readonly maxRecordBytes: number;
  readonly maxRequestBytes: number;
}

const MIB = 1024 * 1024;

/** Fills in defaults. Throws RangeError when an option is out of bounds. */
export function kafkaSettings(options: KafkaStreamOptions): KafkaSettings {
  const { brokers, tls } = options;
  if (brokers.length === 0) throw new RangeError('brokers: at least one host:port is needed');
  for (const broker of brokers)
    if (!/^(\[[0-9a-f:]+\]|[^:\s]+):\d{1,5}$/i.test(broker))
      throw new RangeError(`brokers: ${JSON.stringify(broker)} is not host:port`);
  const lingerMs = options.lingerMs ?? 0;
  if (!(lingerMs >= 0 && lingerMs <= 5)) throw new RangeError('lingerMs must be 0 to 5');
  if (options.guard !== undefined && options.client === 'kafkajs')
    throw new RangeError('guard: kafkajs cannot be guarded');
  const deliveryTimeoutMs = options.deliveryTimeoutMs ?? 120_000;
  return {
    brokers,
    client: options.client ?? 'platformatic',
    clientId: options.clientId ?? 'cadf-pipeline',
    tls: tls === true ? {} : tls === false ? undefined : tls,
    sasl: options.sasl,
    guard: options.guard,
    compression: options.compression ?? 'zstd',
    lingerMs,
    deliveryTimeoutMs,
    requestTimeoutMs: Math.min(options.requestTimeoutMs ?? 30_000, deliveryTimeoutMs),
    sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
    replicas: options.replicas ?? -1,
    maxPendingBytes: options.maxPendingBytes ?? DEFAULT_MAX_PENDING_BYTES,
    maxRecordBytes: options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES,
    maxRequestBytes: options.maxRequestBytes ?? 8 * MIB,
  };
}

/** A topic's configuration in Kafka's words. */
export function topicConfig(
  topic: {
    readonly cleanup: 'delete' | 'compact';
    readonly retentionMs?: number;
    readonly retentionBytes?: number;
  },
  maxRecordBytes: number,
): Record<string, string> {
  return {
    'cleanup.policy': topic.cleanup,
    'retention.ms': String(topic.retentionMs ?? -1),
    'retention.bytes': String(topic.retentionBytes ?? -1),
    // A batch holds at least one record with its key and headers, which may not compress at all.
    'max.message.bytes': String(maxRecordBytes + MIB),
  };
}
