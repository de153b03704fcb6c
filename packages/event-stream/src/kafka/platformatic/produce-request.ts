/** Produce, version 9 (kafka.apache.org/protocol): brokers from 2.4 to 4.x speak it. */
import { type Connection, type Reader, Writer } from '@platformatic/kafka';

const API_KEY = 0;
const API_VERSION = 9;
const ACKS_ALL = -1;

/** A finished record batch for one partition. */
export interface FramedBatch {
  readonly partition: number;
  readonly bytes: Buffer;
}

export interface ProduceResult {
  readonly partition: number;
  /** 0: taken. */
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly baseOffset: number;
}

/** Sends one batch per partition of a topic to the broker that leads them; acks=all. */
export function sendProduce(
  connection: Connection,
  topic: string,
  batches: readonly FramedBatch[],
  timeoutMs: number,
): Promise<ProduceResult[]> {
  return new Promise((resolve, reject) => {
    connection.send(
      API_KEY,
      API_VERSION,
      () => encode(topic, batches, timeoutMs),
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

function encode(topic: string, batches: readonly FramedBatch[], timeoutMs: number): Writer {
  const writer = Writer.create()
    .appendString(null)
    .appendInt16(ACKS_ALL)
    .appendInt32(timeoutMs)
    .appendUnsignedVarInt(2)
    .appendString(topic)
    .appendUnsignedVarInt(batches.length + 1);
  for (const { partition, bytes } of batches)
    writer
      .appendInt32(partition)
      .appendUnsignedVarInt(bytes.length + 1)
      .append(bytes)
      .appendTaggedFields();
  return writer.appendTaggedFields().appendTaggedFields();
}

function parse(reader: Reader): ProduceResult[] {
  const results: ProduceResult[] = [];
  reader.readArray(
    (topic) => {
      topic.readString();
      topic.readArray(
        (partition) => {
          results.push(parsePartition(partition));
        },
        true,
        false,
      );
      topic.readTaggedFields();
    },
    true,
    false,
  );
  return results;
}

function parsePartition(reader: Reader): ProduceResult {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const baseOffset = Number(reader.readInt64());
  reader.readInt64(); // Time of the log's append: ours stands.
  reader.readInt64(); // First offset held.
  const details: string[] = [];
  reader.readArray(
    (detail) => {
      detail.readInt32();
      const message = detail.readNullableString();
      if (message !== null) details.push(message);
      detail.readTaggedFields();
    },
    true,
    false,
  );
  const errorMessage = reader.readNullableString() ?? details[0] ?? null;
  reader.readTaggedFields();
  return { partition, errorCode, errorMessage, baseOffset };
}
