import type { Bounds, ConsumeOptions, ReadOptions, RecordBatch, TopicSettings } from '../interface.ts';
import type { OutgoingRecord } from './record-batch-encode.ts';

/** Records for one partition, in order. */
export interface ProduceBatch {
  readonly partition: number;
  readonly records: readonly OutgoingRecord[];
}

/** What the Kafka backend asks of a client library; each implementation is one folder. */
export interface KafkaClient {
  /** Makes the topic, or changes its configuration and raises its partition count when it exists. */
  ensureTopic(topic: TopicSettings): Promise<void>;
  /** Throws StreamError `STREAM_TOPIC_UNKNOWN`. */
  partitions(topic: string): Promise<number>;
  /**
   * Appends with acks=all and answers the offset of each batch's first record, in the order given. Tries again,
   * in order and without duplicates where the broker can tell, until `deliveryTimeoutMs` after the call; then throws
   * StreamError `STREAM_UNAVAILABLE`. At most one call per topic is under way at a time.
   */
  produce(topic: string, batches: readonly ProduceBatch[]): Promise<readonly number[]>;
  read(topic: string, options: ReadOptions): AsyncIterable<RecordBatch>;
  consume(topic: string, options: ConsumeOptions): AsyncIterable<RecordBatch>;
  commit(topic: string, group: string, next: ReadonlyMap<number, number>): Promise<void>;
  committed(topic: string, group: string): Promise<ReadonlyMap<number, number>>;
  bounds(topic: string): Promise<ReadonlyMap<number, Bounds>>;
  /** Milliseconds since the membership was last confirmed; Infinity when this process is not a member. */
  membershipAgeMs(topic: string, group: string): number;
  /** Resolves when a broker answered; rejects with why not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
