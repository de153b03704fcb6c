export * from './interface.ts';
export * from './errors.ts';
export { partitionOf } from './partition.ts';
export { createLmdbStream, type LmdbStream, type LmdbStreamOptions } from './lmdb/lmdb-stream.ts';
export * from './event-record.ts';
export * from './dead-letter-record.ts';
export { createKafkaStream } from './kafka/kafka-stream.ts';
export type { KafkaCompression } from './kafka/compression.ts';
export type { KafkaClientName, KafkaSasl, KafkaStreamOptions } from './kafka/options.ts';
