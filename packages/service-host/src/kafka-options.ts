import { readFileSync } from 'node:fs';
import type { KafkaSasl, KafkaStreamOptions } from '@cadf-pipeline/event-stream';
import type { BackendConfig } from './backend-settings.ts';

/** How the pipeline reaches its Kafka cluster; undefined where the settings name none. Reads the files of certificates. */
export function kafkaOptions(config: BackendConfig): KafkaStreamOptions | undefined {
  const brokers = config.CADF_KAFKA_BROKERS;
  if (brokers === undefined || brokers.length === 0) return undefined;
  const sasl = saslOf(config);
  const replicas = config.CADF_KAFKA_REPLICATION;
  return {
    brokers,
    client: config.CADF_KAFKA_CLIENT,
    compression: config.CADF_KAFKA_COMPRESSION,
    maxPendingBytes: config.CADF_STREAM_MAX_PENDING_BYTES,
    tls: config.CADF_KAFKA_TLS ? tlsOf(config) : false,
    ...(sasl === undefined ? {} : { sasl }),
    ...(replicas === undefined ? {} : { replicas }),
  };
}

function tlsOf(config: BackendConfig): { ca?: string; cert?: string; key?: string } {
  const files = {
    ca: config.CADF_KAFKA_TLS_CA,
    cert: config.CADF_KAFKA_TLS_CERT,
    key: config.CADF_KAFKA_TLS_KEY,
  };
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, path]) =>
      path === undefined ? [] : [[name, readFileSync(path, 'utf8')]],
    ),
  );
}

function saslOf(config: BackendConfig): KafkaSasl | undefined {
  const {
    CADF_KAFKA_SASL_MECHANISM: mechanism,
    CADF_KAFKA_SASL_USERNAME: username,
    CADF_KAFKA_SASL_PASSWORD: password,
  } = config;
  if (mechanism === undefined || username === undefined || password === undefined) return undefined;
  return { mechanism, username, password: password.reveal() };
}
