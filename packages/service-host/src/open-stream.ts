import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKafkaStream, createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream, KafkaSasl } from '@cadf-pipeline/event-stream';
import type { BackendConfig } from './backend-settings.ts';

/** Opens the stream that the settings name: Kafka where brokers are given, else LMDB under the data directory. */
export function openStream(config: BackendConfig): EventStream {
  const maxPendingBytes = config.CADF_STREAM_MAX_PENDING_BYTES;
  const brokers = config.CADF_KAFKA_BROKERS;
  if (brokers === undefined || brokers.length === 0)
    return createLmdbStream({ path: join(config.CADF_DATA_DIR, 'stream'), maxPendingBytes });
  const sasl = saslOf(config);
  const replicas = config.CADF_KAFKA_REPLICATION;
  return createKafkaStream({
    brokers,
    client: config.CADF_KAFKA_CLIENT,
    compression: config.CADF_KAFKA_COMPRESSION,
    maxPendingBytes,
    tls: config.CADF_KAFKA_TLS ? tlsOf(config) : false,
    ...(sasl === undefined ? {} : { sasl }),
    ...(replicas === undefined ? {} : { replicas }),
  });
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
