/**
 * Encoding of Apache Kafka's record batch, format v2 (kafka.apache.org/documentation, "Record Batch"). Written
 * here because it is in the hot path: headers that records share are encoded once per append.
 */
import type { AppendRecord, RecordHeaders } from '../interface.ts';
import { BATCH_AT, BATCH_HEADER_BYTES } from './record-batch-layout.ts';
import { varintSize, writeVarint } from './varint.ts';

/** A record on its way out with the headers its batch shares. */
export interface OutgoingRecord {
  readonly record: AppendRecord;
  readonly shared: RecordHeaders | undefined;
}

/** Encodes records (without the batch header), offsets counting from 0. The answer is valid until the next call. */
export type RecordEncoder = (records: readonly OutgoingRecord[]) => Buffer;

/** Memory kept from one call to the next; a larger batch gets its own. */
const KEPT_BYTES = 4 * 1024 * 1024;

export function createRecordEncoder(): RecordEncoder {
  let kept = Buffer.alloc(0);
  return (records) => {
    const sharedOf = new Map<RecordHeaders | undefined, SharedHeaders>();
    let bound = 0;
    let last: SharedHeaders = NO_HEADERS;
    let lastOf: RecordHeaders | undefined;
    const sharedOfRecord = (shared: RecordHeaders | undefined): SharedHeaders => {
      if (shared === lastOf) return last;
      let encoded = sharedOf.get(shared);
      if (encoded === undefined) sharedOf.set(shared, (encoded = encodeShared(shared)));
      lastOf = shared;
      last = encoded;
      return encoded;
    };
    for (const { record, shared } of records) bound += recordBound(record, sharedOfRecord(shared));
    if (kept.length < bound && bound <= KEPT_BYTES) kept = Buffer.allocUnsafeSlow(KEPT_BYTES);
    const out = bound <= kept.length ? kept : Buffer.allocUnsafeSlow(bound);
    let at = 0;
    let offsetDelta = 0;
    for (const { record, shared } of records) {
      at = writeRecord(out, at, record, sharedOfRecord(shared), offsetDelta);
      offsetDelta += 1;
    }
    return out.subarray(0, at);
  };
}

function recordBound(record: AppendRecord, shared: SharedHeaders): number {
  // A UTF-16 unit takes at most 3 bytes of UTF-8, a varint at most 5.
  let bound = 32 + record.key.length * 3 + (record.value?.length ?? 0) + shared.bytes.length;
  const own = record.headers;
  if (own !== undefined) for (const name in own) bound += 10 + (name.length + (own[name] ?? '').length) * 3;
  return bound;
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
  batch.writeInt32BE(batch.length - BATCH_AT.leaderEpoch, BATCH_AT.length);
  batch.writeInt32BE(-1, BATCH_AT.leaderEpoch);
  batch.writeInt8(2, BATCH_AT.magic);
  batch.writeInt16BE(codec, BATCH_AT.attributes);
  batch.writeInt32BE(count - 1, BATCH_AT.lastDelta);
  batch.writeBigInt64BE(BigInt(timestampMs), BATCH_AT.firstTimestamp);
  batch.writeBigInt64BE(BigInt(timestampMs), BATCH_AT.maxTimestamp);
  batch.writeBigInt64BE(identity.producerId, BATCH_AT.producerId);
  batch.writeInt16BE(identity.producerEpoch, BATCH_AT.producerEpoch);
  batch.writeInt32BE(identity.firstSequence, BATCH_AT.sequence);
  batch.writeInt32BE(count, BATCH_AT.count);
  batch.set(packed, BATCH_HEADER_BYTES);
  batch.writeUInt32BE(crc32c(batch.subarray(BATCH_AT.attributes)), BATCH_AT.crc);
  return batch;
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

/** Up to this length a loop over the characters is faster than a call into native code. */
const SHORT_TEXT = 40;

/** Length and UTF-8 bytes. */
function writeText(out: Buffer, start: number, text: string): number {
  const length = text.length;
  // As long as the text is ASCII, its length is known.
  const width = varintSize(length);
  let written = length <= SHORT_TEXT ? writeAscii(out, start + width, text) : -1;
  if (written < 0) written = out.write(text, start + width, 'utf8');
  const actual = varintSize(written);
  if (actual !== width) out.copyWithin(start + actual, start + width, start + width + written);
  return writeVarint(out, start, written) + written;
}

/** Answers the number of bytes, or -1 when the text is not ASCII. */
function writeAscii(out: Buffer, start: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return -1;
    out[start + i] = unit;
  }
  return text.length;
}
