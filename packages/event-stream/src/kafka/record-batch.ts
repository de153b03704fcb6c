/**
 * Apache Kafka's record batch, format v2 (kafka.apache.org/documentation, "Record Batch"): encoding of records
 * that share headers, and decoding into records of the stream. Written here because both are in the hot path:
 * shared headers are encoded once per append instead of once per record, and values are never copied twice.
 */
import type { AppendRecord, RecordHeaders, StreamRecord } from '../interface.ts';
import { VarintReader, varintSize, writeVarint } from './varint.ts';

/** Bytes before the first record of a batch. */
export const BATCH_HEADER_BYTES = 61;
const AT_LENGTH = 8;
const AT_LEADER_EPOCH = 12;
const AT_MAGIC = 16;
const AT_CRC = 17;
const AT_ATTRIBUTES = 21;
const AT_LAST_DELTA = 23;
const AT_FIRST_TIMESTAMP = 27;
const AT_MAX_TIMESTAMP = 35;
const AT_PRODUCER_ID = 43;
const AT_PRODUCER_EPOCH = 51;
const AT_SEQUENCE = 53;
const AT_COUNT = 57;
const CODEC_BITS = 0b111;
const CONTROL_BIT = 0b10_0000;

/** A record on its way out with the headers its batch shares. */
export interface OutgoingRecord {
  readonly record: AppendRecord;
  readonly shared: RecordHeaders | undefined;
}

/** Encodes the records (without the batch header), offsets counting from 0. */
export function encodeRecords(records: readonly OutgoingRecord[]): Buffer {
  const sharedOf = new Map<RecordHeaders | undefined, SharedHeaders>();
  let bound = 0;
  for (const { record, shared } of records) {
    let encoded = sharedOf.get(shared);
    if (encoded === undefined) sharedOf.set(shared, (encoded = encodeShared(shared)));
    bound += 32 + record.key.length * 3 + (record.value?.length ?? 0) + encoded.bytes.length;
    const own = record.headers;
    if (own !== undefined)
      for (const name in own) bound += 10 + name.length * 3 + (own[name] ?? '').length * 3;
  }
  const out = Buffer.allocUnsafe(bound);
  let at = 0;
  let offsetDelta = 0;
  for (const { record, shared } of records) {
    at = writeRecord(out, at, record, sharedOf.get(shared) ?? NO_HEADERS, offsetDelta);
    offsetDelta += 1;
  }
  return out.subarray(0, at);
}

/** What identifies a batch of an idempotent producer (KIP-98). */
export interface BatchIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

/** Puts the batch header before records that were encoded and compressed by the codec of that number. */
export function frameBatch(
  packed: Buffer,
  codec: number,
  count: number,
  timestampMs: number,
  identity: BatchIdentity,
  crc32c: (bytes: Buffer) => number,
): Buffer {
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + packed.length);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - AT_LEADER_EPOCH, AT_LENGTH);
  batch.writeInt32BE(-1, AT_LEADER_EPOCH);
  batch.writeInt8(2, AT_MAGIC);
  batch.writeInt16BE(codec, AT_ATTRIBUTES);
  batch.writeInt32BE(count - 1, AT_LAST_DELTA);
  batch.writeBigInt64BE(BigInt(timestampMs), AT_FIRST_TIMESTAMP);
  batch.writeBigInt64BE(BigInt(timestampMs), AT_MAX_TIMESTAMP);
  batch.writeBigInt64BE(identity.producerId, AT_PRODUCER_ID);
  batch.writeInt16BE(identity.producerEpoch, AT_PRODUCER_EPOCH);
  batch.writeInt32BE(identity.firstSequence, AT_SEQUENCE);
  batch.writeInt32BE(count, AT_COUNT);
  batch.set(packed, BATCH_HEADER_BYTES);
  batch.writeUInt32BE(crc32c(batch.subarray(AT_ATTRIBUTES)), AT_CRC);
  return batch;
}

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
    const end = at + AT_LEADER_EPOCH + bytes.readInt32BE(at + AT_LENGTH);
    if (end > bytes.length) break;
    if (bytes[at + AT_MAGIC] !== 2)
      throw new RangeError(`a record batch has format ${bytes[at + AT_MAGIC]}, expected 2`);
    const base = Number(bytes.readBigInt64BE(at));
    const attributes = bytes.readInt16BE(at + AT_ATTRIBUTES);
    if ((attributes & CONTROL_BIT) === 0) {
      const packed = bytes.subarray(at + BATCH_HEADER_BYTES, end);
      const unpacked = unpack(attributes & CODEC_BITS, packed);
      const timestamp = Number(bytes.readBigInt64BE(at + AT_FIRST_TIMESTAMP));
      decodeRecords(
        unpacked,
        bytes.readInt32BE(at + AT_COUNT),
        { partition, base, timestamp, fromOffset },
        records,
      );
    }
    next = Math.max(next, base + bytes.readInt32BE(at + AT_LAST_DELTA) + 1);
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
  for (let i = 0; i < count; i += 1) {
    const length = reader.next();
    const end = reader.at + length;
    reader.at += 1; // Attributes: none are defined.
    const timestampMs = place.timestamp + reader.nextLong();
    const offset = place.base + reader.next();
    if (offset >= place.fromOffset) {
      const key = readText(reader) ?? '';
      const value = readBytes(reader);
      const headers: Record<string, string> = {};
      for (let left = reader.next(); left > 0; left -= 1) {
        const name = readText(reader) ?? '';
        headers[name] = readText(reader) ?? '';
      }
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

function readText(reader: VarintReader): string | undefined {
  const length = reader.next();
  if (length < 0) return undefined;
  const start = reader.at;
  reader.at += length;
  return reader.bytes.toString('utf8', start, reader.at);
}

interface SharedHeaders {
  readonly headers: RecordHeaders;
  readonly count: number;
  readonly bytes: Buffer;
}

const NO_HEADERS: SharedHeaders = { headers: {}, count: 0, bytes: Buffer.alloc(0) };

function encodeShared(headers: RecordHeaders | undefined): SharedHeaders {
  if (headers === undefined) return NO_HEADERS;
  let bound = 0;
  for (const name in headers) bound += 10 + name.length * 3 + (headers[name] ?? '').length * 3;
  const bytes = Buffer.allocUnsafe(bound);
  let at = 0;
  let count = 0;
  for (const name in headers) {
    at = writeText(bytes, writeText(bytes, at, name), headers[name] ?? '');
    count += 1;
  }
  return { headers, count, bytes: bytes.subarray(0, at) };
}

function writeRecord(
  out: Buffer,
  start: number,
  record: AppendRecord,
  shared: SharedHeaders,
  offsetDelta: number,
): number {
  // The length comes first but is known last. Its width is guessed as if all text were ASCII, which is nearly always so.
  const width = varintSize(asciiSize(record, shared));
  let at = start + width;
  out[at++] = 0; // Attributes.
  out[at++] = 0; // Timestamp: all records of a batch are taken at once.
  at = writeVarint(out, at, offsetDelta);
  at = writeText(out, at, record.key);
  const value = record.value;
  if (value === null) at = writeVarint(out, at, -1);
  else {
    at = writeVarint(out, at, value.length);
    out.set(value, at);
    at += value.length;
  }
  at = writeHeaders(out, at, record.headers, shared);
  const length = at - start - width;
  const actual = varintSize(length);
  if (actual !== width) {
    out.copyWithin(start + actual, start + width, at);
    at += actual - width;
  }
  writeVarint(out, start, length);
  return at;
}

function writeHeaders(
  out: Buffer,
  start: number,
  own: RecordHeaders | undefined,
  shared: SharedHeaders,
): number {
  let ownCount = 0;
  let overridden = false;
  if (own !== undefined)
    for (const name in own) {
      ownCount += 1;
      if (Object.hasOwn(shared.headers, name)) overridden = true;
    }
  if (overridden) {
    // Rare: a record's own header replaces a shared one, so the block encoded once cannot be used.
    const merged = encodeShared({ ...shared.headers, ...own });
    const at = writeVarint(out, start, merged.count);
    out.set(merged.bytes, at);
    return at + merged.bytes.length;
  }
  let at = writeVarint(out, start, shared.count + ownCount);
  if (shared.count > 0) {
    out.set(shared.bytes, at);
    at += shared.bytes.length;
  }
  if (own !== undefined)
    for (const name in own) at = writeText(out, writeText(out, at, name), own[name] ?? '');
  return at;
}

function asciiSize(record: AppendRecord, shared: SharedHeaders): number {
  let size = 12 + record.key.length + (record.value?.length ?? 0) + shared.bytes.length;
  const own = record.headers;
  if (own !== undefined) for (const name in own) size += 3 + name.length + (own[name] ?? '').length;
  return size;
}

/** Length and UTF-8 bytes. */
function writeText(out: Buffer, start: number, text: string): number {
  const length = text.length;
  if (length <= 63) {
    // One byte of length as long as it is ASCII: written without leaving JavaScript when short.
    if (length <= 24) {
      let i = 0;
      for (; i < length; i += 1) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        out[start + 1 + i] = unit;
      }
      if (i === length) {
        out[start] = length << 1;
        return start + 1 + length;
      }
    }
    const written = out.write(text, start + 1, 'utf8');
    if (written <= 63) {
      out[start] = written << 1;
      return start + 1 + written;
    }
  }
  const size = Buffer.byteLength(text, 'utf8');
  const at = writeVarint(out, start, size);
  out.write(text, at, 'utf8');
  return at + size;
}
