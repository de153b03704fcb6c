/** The settings that decide which stream and which store run, and their bounds. */
import { defineConfig } from '@cadf-pipeline/service-kit';
import type { Config } from '@cadf-pipeline/service-kit';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;

export const backendSettings = defineConfig({
  CADF_DATA_DIR: {
    type: 'string',
    default: './data',
    description: 'Directory of everything the embedded shape keeps: stream, store, bootstrap key.',
  },
  CADF_KAFKA_BROKERS: {
    type: 'list',
    unit: 'host:port',
    description: 'Kafka brokers to start from. Unset: the embedded stream under CADF_DATA_DIR.',
  },
  CADF_KAFKA_CLIENT: {
    type: 'string',
    default: 'platformatic',
    allowed: ['platformatic', 'kafkajs'],
    description: 'Which Kafka client library is used.',
    relation: 'only with CADF_KAFKA_BROKERS',
  },
  CADF_KAFKA_COMPRESSION: {
    type: 'string',
    default: 'zstd',
    allowed: ['zstd', 'gzip', 'none'],
    description: 'How produced batches are compressed.',
    relation: 'only with CADF_KAFKA_BROKERS',
  },
  CADF_KAFKA_REPLICATION: {
    type: 'integer',
    min: 1,
    max: 15,
    unit: 'replicas',
    description:
      'Replicas of the topics that are created at start. Unset: the cluster’s default; three in production.',
    relation: 'only with CADF_KAFKA_BROKERS',
  },
  CADF_KAFKA_TLS: {
    type: 'boolean',
    default: false,
    description: 'Talk TLS to the brokers.',
  },
  CADF_KAFKA_TLS_CA: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'The authority that signed the brokers’ certificates, where it is not a public one.',
    relation: 'only with CADF_KAFKA_TLS',
  },
  CADF_KAFKA_TLS_CERT: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Client certificate.',
    relation: 'together with CADF_KAFKA_TLS_KEY',
  },
  CADF_KAFKA_TLS_KEY: {
    type: 'string',
    unit: 'path of a PEM file',
    description: 'Key of the client certificate.',
    relation: 'together with CADF_KAFKA_TLS_CERT',
  },
  CADF_KAFKA_SASL_MECHANISM: {
    type: 'string',
    allowed: ['plain', 'scram-sha-256', 'scram-sha-512'],
    description: 'How to log in to the brokers. Unset: not at all.',
  },
  CADF_KAFKA_SASL_USERNAME: {
    type: 'string',
    description: 'User name for the brokers.',
    relation: 'with CADF_KAFKA_SASL_MECHANISM',
  },
  CADF_KAFKA_SASL_PASSWORD: {
    type: 'secret',
    description: 'Password for the brokers.',
    relation: 'with CADF_KAFKA_SASL_MECHANISM',
  },
  CADF_STREAM_PARTITIONS: {
    type: 'integer',
    min: 1,
    max: 1024,
    unit: 'partitions',
    description:
      'Partitions of the events topic when it is created. Unset: 1 embedded, 12 on Kafka. Kept for good: the key decides the partition.',
  },
  CADF_STREAM_RETENTION: {
    type: 'duration',
    default: 7 * DAY_MS,
    min: 60_000,
    description: 'How long events stay in the stream; the store keeps them on.',
  },
  CADF_STREAM_RETENTION_BYTES: {
    type: 'bytes',
    default: 4 * GIB,
    min: 64 * MIB,
    description:
      'Bytes kept per partition of the events topic. The embedded stream never drops what the store does not hold yet.',
  },
  CADF_STREAM_MAX_PENDING_BYTES: {
    type: 'bytes',
    default: 64 * MIB,
    min: 16 * MIB,
    description: 'Bytes accepted and not yet durable past which submissions are answered 429.',
  },
  CADF_CLICKHOUSE_URL: {
    type: 'string',
    unit: 'URL',
    description: 'ClickHouse HTTP interface. Unset: the engine in the process, data under CADF_DATA_DIR.',
  },
  CADF_CLICKHOUSE_USER: { type: 'string', default: 'default', description: 'User name for ClickHouse.' },
  CADF_CLICKHOUSE_PASSWORD: { type: 'secret', description: 'Password for ClickHouse.' },
  CADF_CLICKHOUSE_ANALYST_USER: {
    type: 'string',
    unit: 'user name',
    description:
      'Who runs SQL of analysts: a user with the rights of deploy/clickhouse/analyst-user.sql and no others. Unset: there is no SQL for analysts. The engine in the process needs none.',
  },
  CADF_CLICKHOUSE_ANALYST_PASSWORD: {
    type: 'secret',
    description: 'Password of CADF_CLICKHOUSE_ANALYST_USER.',
  },
  CADF_CLICKHOUSE_DATABASE: {
    type: 'string',
    default: 'cadf',
    description: 'Database; made at start when the user may.',
  },
  CADF_QUERY_MAX_ROWS: {
    type: 'integer',
    default: 2_000_000_000,
    min: 1000,
    unit: 'rows',
    description: 'Rows one query may read.',
  },
  CADF_QUERY_MAX_BYTES: {
    type: 'bytes',
    default: 200 * GIB,
    min: MIB,
    description: 'Bytes one query may read, unpacked.',
  },
  CADF_QUERY_MAX_SECONDS: {
    type: 'integer',
    default: 30,
    min: 1,
    max: 3600,
    unit: 'seconds',
    description: 'Time one query may take.',
  },
  CADF_QUERY_MAX_MEMORY: {
    type: 'bytes',
    default: 1 * GIB,
    min: 16 * MIB,
    description: 'Memory one query may use in the engine.',
  },
});

export type BackendConfig = Config<typeof backendSettings>;

/** What the settings must agree on; one sentence per fault. */
export function checkBackendSettings(config: BackendConfig): readonly string[] {
  const faults: string[] = [];
  const { CADF_KAFKA_TLS_CERT: cert, CADF_KAFKA_TLS_KEY: key } = config;
  if ((cert === undefined) !== (key === undefined))
    faults.push('CADF_KAFKA_TLS_CERT and CADF_KAFKA_TLS_KEY go together: set both or neither');
  if (config.CADF_KAFKA_SASL_MECHANISM !== undefined) {
    if (config.CADF_KAFKA_SASL_USERNAME === undefined || config.CADF_KAFKA_SASL_PASSWORD === undefined)
      faults.push('CADF_KAFKA_SASL_MECHANISM needs CADF_KAFKA_SASL_USERNAME and CADF_KAFKA_SASL_PASSWORD');
  }
  if (config.CADF_CLICKHOUSE_URL !== undefined && !URL.canParse(config.CADF_CLICKHOUSE_URL))
    faults.push('CADF_CLICKHOUSE_URL is no URL, such as http://127.0.0.1:8123');
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(config.CADF_CLICKHOUSE_DATABASE))
    faults.push('CADF_CLICKHOUSE_DATABASE is not a plain name: use letters, digits and _');
  return faults;
}
