/**
 * The durable, partitioned, ordered log between intake and everything behind it.
 *
 * Words (docs/architecture.md): a *record* is one thing received once; a *position* is its
 * (partition, offset), unique and ordered within a partition; records of one key are in one partition,
 * in order of append. Backends: LMDB (embedded) and Apache Kafka; `test/contract/event-stream.ts` is the
 * contract that each of them passes.
 */

/** Headers of a record: names and values are UTF-8 text. See docs/architecture.md, "Stream record". */
export type RecordHeaders = Readonly<Record<string, string>>;

/** One record to append. */
export interface AppendRecord {
  /** Decides the partition; all records of a key stay in order. */
  readonly key: string;
  /**
   * The bytes; `null` is a tombstone (compacted topics only). At most `maxRecordBytes` (default 2 MiB). They must not
   * be changed after the call: readers in the same process may be given these very bytes.
   */
  readonly value: Uint8Array | null;
  /** This record's own headers, added to (and winning over) the batch's shared ones. */
  readonly headers?: RecordHeaders;
}

/** Records appended together. Their order is kept per key. */
export interface AppendBatch {
  /** Headers every record of the batch carries. */
  readonly headers?: RecordHeaders;
  readonly records: readonly AppendRecord[];
}

/** Where a record is. Offsets start at 0, grow, and may have gaps. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** A record as read back. */
export interface StreamRecord extends Position {
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
  /** When the stream took it, milliseconds since 1970 UTC. */
  readonly timestampMs: number;
}

/** Consecutive records of one partition, ascending by offset, never empty. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly StreamRecord[];
}

/** Settings of a topic. Creating a topic that exists is no error; partitions are never reduced. */
export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  /** `delete`: old records go by `retentionMs` / `retentionBytes`; `compact`: the newest record of each key stays. */
  readonly cleanup: 'delete' | 'compact';
  /** Milliseconds a record is kept at least; undefined: no limit by time. */
  readonly retentionMs?: number;
  /** Bytes kept per partition at least; undefined: no limit by size. */
  readonly retentionBytes?: number;
  /**
   * Groups whose commits hold retention back: what such a group has not committed yet is never deleted, whatever
   * its age or size (LMDB; on Kafka the operator gives the topic time enough). A group that never committed holds all.
   */
  readonly keepFor?: readonly string[];
}

/** First offset still held, and the offset the next record will get. Equal when the partition is empty. */
export interface Bounds {
  readonly first: number;
  readonly next: number;
}

export interface ReadOptions {
  /** The offset to start at, per partition; only the partitions named are read. Offsets older than what is held start at the first one held. */
  readonly from: ReadonlyMap<number, number>;
  /** false: end when the ends seen at the call are reached; true: wait for more until `signal` aborts. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
  /** Most bytes of values in one batch (default 8 MiB; one record may exceed it). */
  readonly maxBatchBytes?: number;
}

export interface ConsumeOptions {
  /** Consumers of one group share the partitions between them. */
  readonly group: string;
  /**
   * Called when partitions are given to this consumer, before any of their records is delivered; answers
   * where to start each. A partition it does not name starts at the group's committed offset, else at the first.
   */
  readonly startAt: (partitions: readonly number[]) => Promise<ReadonlyMap<number, number>>;
  /** Called when partitions are taken away; no record of them is delivered after it was called. */
  readonly revoked?: (partitions: readonly number[]) => Promise<void>;
  readonly signal: AbortSignal;
  readonly maxBatchBytes?: number;
}

export interface StreamHealth {
  readonly ok: boolean;
  /** Why not, for a person; empty when ok. */
  readonly reason: string;
}

export interface EventStream {
  readonly kind: 'lmdb' | 'kafka';
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** Number of partitions of a topic. */
  partitions(topic: string): Promise<number>;
  /**
   * Appends and resolves once every record is durable (LMDB: synced to disk; Kafka: acks=all), with the
   * position of each in the order given. Concurrent calls are grouped into shared commits.
   * Throws StreamError: `STREAM_OVERLOADED` (more than `maxPendingBytes` not yet durable: nothing of this call
   * was taken; retry later), `STREAM_UNAVAILABLE` (the backend does not answer: whether it was taken is
   * unknown; the caller retries, readers deduplicate), `STREAM_RECORD_TOO_LARGE` (nothing was taken), `STREAM_CLOSED`.
   */
  append(topic: string, batch: AppendBatch): Promise<readonly Position[]>;
  /** Reads named partitions without a group. Pull-based: the next fetch waits until the last batch was taken. */
  read(topic: string, options: ReadOptions): AsyncIterable<RecordBatch>;
  /** Reads as a member of a group until `signal` aborts. Pull-based. LMDB has one process: it gets every partition. */
  consume(topic: string, options: ConsumeOptions): AsyncIterable<RecordBatch>;
  /** Remembers, per partition, the next offset a group wants. */
  commit(topic: string, group: string, next: ReadonlyMap<number, number>): Promise<void>;
  /**
   * Milliseconds since this process's membership in the group was last confirmed by the backend (a heartbeat
   * answered); 0 where nobody else can take the partitions (LMDB). A writer does not insert when this nears the
   * session timeout: its partitions may be another's by now.
   */
  membershipAgeMs(topic: string, group: string): number;
  committed(topic: string, group: string): Promise<ReadonlyMap<number, number>>;
  bounds(topic: string): Promise<ReadonlyMap<number, Bounds>>;
  /** Bytes accepted by `append` and not yet durable, now, and the limit past which it refuses. */
  pending(): { readonly bytes: number; readonly limitBytes: number };
  health(): Promise<StreamHealth>;
  /** Waits for appends under way, then lets go of everything. Idempotent. */
  close(): Promise<void>;
}
