/** Fetch, version 12 (kafka.apache.org/protocol), without a fetch session: brokers from 2.7 to 4.x speak it. */
import { type Connection, type Reader, Writer } from '@platformatic/kafka';

const API_KEY = 1;
const API_VERSION = 12;
const NO_SESSION_EPOCH = -1;
const READ_UNCOMMITTED = 0;

export interface FetchPartition {
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

export interface FetchLimits {
  /** How long the broker may wait for the first record. */
  readonly maxWaitMs: number;
  /** Most bytes of the answer, as stored (compressed); the first batch comes whole even so. */
  readonly maxBytes: number;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  /** The offset after the last record that readers may see. */
  readonly end: number;
  readonly first: number;
  /** Record batches; the last may be cut. */
  readonly bytes: Buffer | null;
}

/** Asks the broker that leads the partitions for their records. */
export function sendFetch(
  connection: Connection,
  topic: string,
  partitions: readonly FetchPartition[],
  limits: FetchLimits,
): Promise<FetchedPartition[]> {
  return new Promise((resolve, reject) => {
    connection.send(
      API_KEY,
      API_VERSION,
      () => encode(topic, partitions, limits),
      (_correlationId, _key, _version, reader) => parse(reader),
      true,
      true,
      (error, results) => {
        if (results === undefined) reject(error ?? new Error('the broker answered nothing'));
        else resolve(results);
      },
    );
  });
}

function encode(topic: string, partitions: readonly FetchPartition[], limits: FetchLimits): Writer {
  const writer = Writer.create()
    .appendInt32(-1) // Not a replica.
    .appendInt32(limits.maxWaitMs)
    .appendInt32(1)
    .appendInt32(limits.maxBytes)
    .appendInt8(READ_UNCOMMITTED)
    .appendInt32(0)
    .appendInt32(NO_SESSION_EPOCH)
    .appendUnsignedVarInt(2)
    .appendString(topic)
    .appendUnsignedVarInt(partitions.length + 1);
  for (const { partition, offset, maxBytes } of partitions)
    writer
      .appendInt32(partition)
      .appendInt32(-1) // Leader epoch: not checked.
      .appendInt64(BigInt(offset))
      .appendInt32(-1) // Epoch of the last fetch: not checked.
      .appendInt64(-1n) // For replicas.
      .appendInt32(maxBytes)
      .appendTaggedFields();
  return writer
    .appendTaggedFields()
    .appendUnsignedVarInt(1) // Nothing to forget.
    .appendString('') // No rack.
    .appendTaggedFields();
}

function parse(reader: Reader): FetchedPartition[] {
  reader.readInt32(); // Throttle time.
  const errorCode = reader.readInt16();
  reader.readInt32(); // Session.
  const found: FetchedPartition[] = [];
  reader.readArray(
    (topic) => {
      topic.readString();
      topic.readArray(
        (partition) => {
          found.push(parsePartition(partition, errorCode));
        },
        true,
        false,
      );
      topic.readTaggedFields();
    },
    true,
    false,
  );
  if (errorCode !== 0 && found.length === 0)
    throw new Error(`the broker refused a fetch with error ${errorCode}`);
  return found;
}

function parsePartition(reader: Reader, whole: number): FetchedPartition {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const end = Number(reader.readInt64());
  reader.readInt64(); // Last stable offset.
  const first = Number(reader.readInt64());
  reader.readNullableArray(
    (aborted) => {
      aborted.readInt64();
      aborted.readInt64();
      aborted.readTaggedFields();
    },
    true,
    false,
  );
  reader.readInt32(); // Preferred replica.
  const bytes = reader.readNullableBytes();
  reader.readTaggedFields();
  return { partition, errorCode: errorCode === 0 ? whole : errorCode, end, first, bytes };
}
