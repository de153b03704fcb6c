import { join } from 'node:path';
import { createKafkaStream, createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { BackendConfig } from './backend-settings.ts';
import { kafkaOptions } from './kafka-options.ts';

/** Opens the stream that the settings name: Kafka where brokers are given, else LMDB under the data directory. */
export function openStream(config: BackendConfig): EventStream {
  const options = kafkaOptions(config);
  if (options !== undefined) return createKafkaStream(options);
  return createLmdbStream({
    path: join(config.CADF_DATA_DIR, 'stream'),
    maxPendingBytes: config.CADF_STREAM_MAX_PENDING_BYTES,
  });
}
