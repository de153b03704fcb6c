import type { RecordHeaders } from '../interface.ts';
import { type FrameHead, HEADER_BYTES, readHead, TOMBSTONE } from './frame-layout.ts';
import { isFull, type RecordSink } from './record-sink.ts';

interface Parsed {
  readonly head: FrameHead;
  readonly names: readonly string[];
  readonly shared: RecordHeaders;
  readonly recordsAt: number;
}

/**
 * Decodes the records of a frame from `fromOffset` on into the sink until it is full and answers the offset
 * to continue from. Values are views into `frame`. A record larger than the sink is delivered alone.
 */
export function decodeFrame(frame: Buffer, partition: number, fromOffset: number, sink: RecordSink): number {
  const { head, names, shared, recordsAt } = parse(frame);
  const { sparse, base, timestampMs } = head;
  let at = recordsAt;
  for (let i = 0; i < head.count; i += 1) {
    let offset = base + i;
    if (sparse) {
      offset = base + frame.readUInt32LE(at);
      at += 4;
    }
    if (offset < fromOffset) {
      at = skipRecord(frame, at);
      continue;
    }
    const keyLength = frame.readUInt32LE(at);
    const keyAt = at + 4;
    at = keyAt + keyLength;
    const headerCount = frame.readUInt16LE(at);
    at += 2;
    let headers = shared;
    if (headerCount > 0) {
      const merged: Record<string, string> = { ...shared };
      for (let h = 0; h < headerCount; h += 1) {
        const name = names[frame.readUInt16LE(at)] ?? '';
        const length = frame.readUInt32LE(at + 2);
        merged[name] = frame.toString('utf8', at + 6, at + 6 + length);
        at += 6 + length;
      }
      headers = merged;
    }
    const length = frame.readUInt32LE(at);
    at += 4;
    const size = length === TOMBSTONE ? 0 : length;
    if (sink.records.length > 0 && sink.bytes + size > sink.maxBytes) {
      sink.full = true;
      return offset;
    }
    sink.records.push({
      partition,
      offset,
      key: frame.toString('utf8', keyAt, keyAt + keyLength),
      value: length === TOMBSTONE ? null : frame.subarray(at, at + size),
      headers,
      timestampMs,
    });
    sink.bytes += size;
    at += size;
    if (isFull(sink)) return offset + 1;
  }
  return base + head.span;
}

/** One record with the bytes it is encoded in, own headers included (not the shared ones). */
export interface RawRecord {
  readonly offset: number;
  readonly key: string;
  readonly tombstone: boolean;
  /** From the key length to the end of the value. */
  readonly start: number;
  readonly end: number;
}

/** Lists a frame's records without copying values; what compaction needs to choose and rewrite. */
export function listRecords(frame: Buffer): { head: FrameHead; recordsAt: number; records: RawRecord[] } {
  const { head, recordsAt } = parse(frame);
  const records: RawRecord[] = [];
  let at = recordsAt;
  for (let i = 0; i < head.count; i += 1) {
    let offset = head.base + i;
    if (head.sparse) {
      offset = head.base + frame.readUInt32LE(at);
      at += 4;
    }
    const keyLength = frame.readUInt32LE(at);
    const end = skipRecord(frame, at);
    const valueAt = skipHeaders(frame, at);
    records.push({
      offset,
      key: frame.toString('utf8', at + 4, at + 4 + keyLength),
      tombstone: frame.readUInt32LE(valueAt) === TOMBSTONE,
      start: at,
      end,
    });
    at = end;
  }
  return { head, recordsAt, records };
}

function parse(frame: Buffer): Parsed {
  const head = readHead(frame);
  const names: string[] = [];
  let at = HEADER_BYTES;
  for (let i = 0; i < head.names; i += 1) {
    const length = frame.readUInt16LE(at);
    names.push(frame.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length;
  }
  const shared: Record<string, string> = {};
  for (let i = 0; i < head.shared; i += 1) {
    const length = frame.readUInt32LE(at + 2);
    shared[names[frame.readUInt16LE(at)] ?? ''] = frame.toString('utf8', at + 6, at + 6 + length);
    at += 6 + length;
  }
  return { head, names, shared: Object.freeze(shared), recordsAt: at };
}

/** The position of a record's value length, given where the record starts. */
function skipHeaders(frame: Buffer, start: number): number {
  let at = start + 4 + frame.readUInt32LE(start);
  const count = frame.readUInt16LE(at);
  at += 2;
  for (let h = 0; h < count; h += 1) at += 6 + frame.readUInt32LE(at + 2);
  return at;
}

function skipRecord(frame: Buffer, start: number): number {
  const at = skipHeaders(frame, start);
  const length = frame.readUInt32LE(at);
  return at + 4 + (length === TOMBSTONE ? 0 : length);
}
