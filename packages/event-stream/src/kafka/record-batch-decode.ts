/**
 * Decoding of Apache Kafka's record batch, format v2 (kafka.apache.org/documentation, "Record Batch"), straight into
 * records of the stream: values are views of what was fetched or unpacked.
 */
import type { StreamRecord } from '../interface.ts';
import { createHeaderReader } from './header-reader.ts';
import { BATCH_AT, BATCH_HEADER_BYTES, CODEC_BITS, CONTROL_BIT } from './record-batch-layout.ts';
import { VarintReader } from './varint.ts';

/** Records decoded from a fetch, and where to go on. */
export interface DecodedRecords {
  readonly records: StreamRecord[];
  /** The offset after the last batch, control batches included: without it a reader would ask for those forever. */
  readonly next: number;
}

/**
 * Decodes the batches of a fetch from `fromOffset` on (a broker answers whole batches, and may cut the last).
 * `unpack` answers the records of a batch by codec number. Throws when a batch is damaged.
 */
export function decodeBatches(
  bytes: Buffer,
  partition: number,
  fromOffset: number,
  unpack: (codec: number, bytes: Buffer) => Buffer,
): DecodedRecords {
  const records: StreamRecord[] = [];
  let next = fromOffset;
  let at = 0;
  while (bytes.length - at >= BATCH_HEADER_BYTES) {
    const end = at + BATCH_AT.leaderEpoch + bytes.readInt32BE(at + BATCH_AT.length);
    if (end > bytes.length) break;
    if (bytes[at + BATCH_AT.magic] !== 2)
      throw new RangeError(`a record batch has format ${bytes[at + BATCH_AT.magic]}, expected 2`);
    const base = Number(bytes.readBigInt64BE(at));
    const attributes = bytes.readInt16BE(at + BATCH_AT.attributes);
    if ((attributes & CONTROL_BIT) === 0) {
      const packed = bytes.subarray(at + BATCH_HEADER_BYTES, end);
      const unpacked = unpack(attributes & CODEC_BITS, packed);
      const timestamp = Number(bytes.readBigInt64BE(at + BATCH_AT.firstTimestamp));
      decodeRecords(
        unpacked,
        bytes.readInt32BE(at + BATCH_AT.count),
        { partition, base, timestamp, fromOffset },
        records,
      );
    }
    next = Math.max(next, base + bytes.readInt32BE(at + BATCH_AT.lastDelta) + 1);
    at = end;
  }
  return { records, next };
}

interface BatchPlace {
  readonly partition: number;
  readonly base: number;
  readonly timestamp: number;
  readonly fromOffset: number;
}

function decodeRecords(bytes: Buffer, count: number, place: BatchPlace, into: StreamRecord[]): void {
  const reader = new VarintReader(bytes, 0);
  const headersOf = createHeaderReader();
  for (let i = 0; i < count; i += 1) {
    const length = reader.next();
    const end = reader.at + length;
    reader.at += 1; // Attributes: none are defined.
    const timestampMs = place.timestamp + reader.nextLong();
    const offset = place.base + reader.next();
    if (offset >= place.fromOffset) {
      const key = readText(reader);
      const value = readBytes(reader);
      const headers = headersOf(reader);
      into.push({ partition: place.partition, offset, key, value, headers, timestampMs });
    }
    reader.at = end;
  }
}

function readBytes(reader: VarintReader): Buffer | null {
  const length = reader.next();
  if (length < 0) return null;
  const start = reader.at;
  reader.at += length;
  return reader.bytes.subarray(start, reader.at);
}

/** Null is read as the empty text: keys and headers of ours are never null. */
function readText(reader: VarintReader): string {
  const length = reader.next();
  if (length <= 0) return '';
  const start = reader.at;
  reader.at += length;
  return reader.bytes.toString('utf8', start, reader.at);
}
