import type { AppendBatch, AppendRecord, RecordHeaders } from '../interface.ts';
import { StreamError } from '../errors.ts';
import { partitionOf } from '../partition.ts';
import type { FrameArena } from './frame-arena.ts';
import { HEADER_BYTES, placeFrame, TOMBSTONE, writeHead } from './frame-layout.ts';

/** A frame is closed when it has this many bytes, so that one entry never grows out of proportion. */
const TARGET_FRAME_BYTES = 1024 * 1024;
/** Fixed bytes of a record: key length, header count, value length. */
const RECORD_BYTES = 10;
/** Fixed bytes of a header: name index, length. */
const HEADER_FIELD_BYTES = 6;
/** What a name index of 16 bits can tell apart. */
const MAX_NAMES = 65_535;
/** Records bound for one partition; `base` is set when they are committed. */
export interface EncodedFrame {
  readonly partition: number;
  readonly records: AppendRecord[];
  /** The records encoded, in leased memory. */
  bytes: Buffer;
  base: number;
}

/** An append call, encoded: record i is in `frames[frameOfRecord[i]]`, in order. */
export interface EncodedAppend {
  readonly frames: readonly EncodedFrame[];
  readonly frameOfRecord: readonly number[];
  readonly headers: RecordHeaders;
  readonly timestampMs: number;
  /** Ends the use of the frames' memory. */
  release(): void;
}

interface OpenFrame extends EncodedFrame {
  /** Upper bound of the encoded size. */
  at: number;
}

/**
 * Encodes a batch as one frame per partition (more when a partition's part is large). Two passes: the first
 * finds each record's partition and an upper bound of each frame's size, the second writes.
 */
export function encodeAppend(
  batch: AppendBatch,
  partitions: number,
  timestampMs: number,
  arena: FrameArena,
): EncodedAppend {
  const records = batch.records;
  const names = new NameTable();
  const prefixBound = sharedBound(batch.headers, names);
  const frames: OpenFrame[] = [];
  const frameOfRecord: number[] = [];
  const current: number[] = [];

  for (const record of records) {
    const partition = partitionOf(record.key, partitions);
    const bound = recordBound(record, names);
    let index = current[partition];
    let frame = index === undefined ? undefined : frames[index];
    if (frame === undefined || frame.at + bound > TARGET_FRAME_BYTES) {
      index = frames.length;
      frame = { partition, records: [], bytes: EMPTY, base: -1, at: prefixBound };
      frames.push(frame);
      current[partition] = index;
    }
    frame.at += bound;
    frame.records.push(record);
    frameOfRecord.push(index ?? 0);
  }

  if (names.size > MAX_NAMES)
    throw new StreamError(
      'STREAM_RECORD_TOO_LARGE',
      `nothing was appended: the batch has ${names.size} different header names, the limit is ${MAX_NAMES}`,
    );
  const lease = arena.lease();
  const prefix = encodePrefix(batch.headers, names);
  for (const frame of frames) {
    frame.bytes = lease.take(frame.at + prefix.length);
    writeHead(frame.bytes, {
      sparse: false,
      names: names.size,
      shared: prefix.sharedCount,
      count: frame.records.length,
      span: frame.records.length,
      timestampMs,
      bytesBefore: 0,
      base: 0,
    });
    frame.bytes.set(prefix.bytes, HEADER_BYTES);
  }
  for (const frame of frames) {
    let at = HEADER_BYTES + prefix.length;
    for (const record of frame.records) at = writeRecord(frame.bytes, at, record, names);
    frame.bytes = frame.bytes.subarray(0, at);
  }
  return {
    frames,
    frameOfRecord,
    headers: batch.headers ?? NO_HEADERS,
    timestampMs,
    release: () => lease.release(),
  };
}

/** Gives an encoded frame its place: the offset of its first record and the bytes before it. */
export function placeEncoded(frame: EncodedFrame, base: number, bytesBefore: number): void {
  frame.base = base;
  placeFrame(frame.bytes, base, bytesBefore);
}

const EMPTY = Buffer.alloc(0);
const NO_HEADERS: RecordHeaders = Object.freeze({});
/** Up to this length a loop over the characters is faster than a call into native code. */
const SHORT_TEXT = 40;

/** Header names of a frame, each written once. Most batches have fewer than ten. */
class NameTable {
  readonly names: string[] = [];
  private readonly index = new Map<string, number>();
  private last = '';
  private lastIndex = -1;

  get size(): number {
    return this.names.length;
  }

  of(name: string): number {
    if (name === this.last && this.lastIndex >= 0) return this.lastIndex;
    let index = this.index.get(name);
    if (index === undefined) {
      index = this.names.length;
      this.names.push(name);
      this.index.set(name, index);
    }
    this.last = name;
    this.lastIndex = index;
    return index;
  }
}

function sharedBound(headers: RecordHeaders | undefined, names: NameTable): number {
  if (headers !== undefined) for (const name in headers) names.of(name);
  return HEADER_BYTES;
}

function recordBound(record: AppendRecord, names: NameTable): number {
  // A UTF-16 unit takes at most 3 bytes of UTF-8.
  let bound = RECORD_BYTES + record.key.length * 3 + (record.value === null ? 0 : record.value.length);
  const headers = record.headers;
  if (headers !== undefined)
    for (const name in headers) {
      names.of(name);
      bound += HEADER_FIELD_BYTES + (headers[name] ?? '').length * 3;
    }
  return bound;
}

interface Prefix {
  readonly bytes: Buffer;
  readonly length: number;
  readonly sharedCount: number;
}

/** Names and shared headers, the same in every frame of the batch. */
function encodePrefix(headers: RecordHeaders | undefined, names: NameTable): Prefix {
  let bound = 0;
  for (const name of names.names) bound += 2 + name.length * 3;
  if (headers !== undefined)
    for (const name in headers) bound += HEADER_FIELD_BYTES + (headers[name] ?? '').length * 3;
  const bytes = Buffer.allocUnsafe(bound);
  let at = 0;
  for (const name of names.names) {
    const length = bytes.write(name, at + 2, 'utf8');
    bytes.writeUInt16LE(length, at);
    at += 2 + length;
  }
  let sharedCount = 0;
  if (headers !== undefined)
    for (const name in headers) {
      at = writeHeader(bytes, at, names.of(name), headers[name] ?? '');
      sharedCount += 1;
    }
  return { bytes: bytes.subarray(0, at), length: at, sharedCount };
}

function writeHeader(bytes: Buffer, start: number, name: number, value: string): number {
  bytes.writeUInt16LE(name, start);
  const length = writeText(bytes, start + HEADER_FIELD_BYTES, value);
  bytes.writeUInt32LE(length, start + 2);
  return start + HEADER_FIELD_BYTES + length;
}

function writeRecord(bytes: Buffer, start: number, record: AppendRecord, names: NameTable): number {
  const keyLength = writeText(bytes, start + 4, record.key);
  bytes.writeUInt32LE(keyLength, start);
  let at = start + 4 + keyLength;
  const countAt = at;
  let count = 0;
  at += 2;
  const headers = record.headers;
  if (headers !== undefined)
    for (const name in headers) {
      at = writeHeader(bytes, at, names.of(name), headers[name] ?? '');
      count += 1;
    }
  bytes.writeUInt16LE(count, countAt);
  if (record.value === null) {
    bytes.writeUInt32LE(TOMBSTONE, at);
    return at + 4;
  }
  bytes.writeUInt32LE(record.value.length, at);
  bytes.set(record.value, at + 4);
  return at + 4 + record.value.length;
}

/** Writes UTF-8 and answers its length; short ASCII is written without leaving JavaScript. */
function writeText(bytes: Buffer, start: number, text: string): number {
  const length = text.length;
  if (length > SHORT_TEXT) return bytes.write(text, start, 'utf8');
  for (let i = 0; i < length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return bytes.write(text, start, 'utf8');
    bytes[start + i] = unit;
  }
  return length;
}
