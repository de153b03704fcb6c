import type { RecordHeaders } from '../interface.ts';
import type { VarintReader } from './varint.ts';

/** Texts longer than this are decoded without comparing them first. */
const MAX_COMPARED = 64;

/** A text that was decoded before and where its bytes are. */
interface Seen {
  text: string;
  start: number;
  length: number;
}

/**
 * Reads the headers of one record after the other. Records of a batch have nearly the same headers: what equals the
 * bytes at the same place of the record before is not decoded again, and equal headers are one object.
 * For one batch's bytes only.
 */
export function createHeaderReader(): (reader: VarintReader) => RecordHeaders {
  const names: Seen[] = [];
  const values: Seen[] = [];
  let last: RecordHeaders = Object.freeze({});
  let lastCount = 0;
  /** Whether no name came twice: the protocol allows it, the last one stands. */
  let distinct = true;
  return (reader) => {
    const count = reader.next();
    let sameNames = count === lastCount;
    let changed: number[] | undefined;
    for (let i = 0; i < count; i += 1) {
      if (!readSeen(reader, names, i)) sameNames = false;
      if (!readSeen(reader, values, i)) (changed ??= []).push(i);
    }
    lastCount = count;
    if (sameNames && changed === undefined) return last;
    const amend = sameNames && distinct;
    const headers: Record<string, string> = amend ? { ...last } : {};
    if (amend) for (const i of changed ?? []) setHeader(headers, names[i], values[i]);
    else for (let i = 0; i < count; i += 1) setHeader(headers, names[i], values[i]);
    if (!amend) distinct = Object.keys(headers).length === count;
    last = headers;
    return headers;
  };
}

function setHeader(headers: Record<string, string>, name: Seen | undefined, value: Seen | undefined): void {
  if (name !== undefined && value !== undefined) headers[name.text] = value.text;
}

/** Reads a text at a place of the record; true when it is the one that was there in the record before. */
function readSeen(reader: VarintReader, seen: Seen[], place: number): boolean {
  const length = Math.max(reader.next(), 0);
  const start = reader.at;
  reader.at += length;
  const before = seen[place];
  if (before === undefined) {
    seen[place] = { text: reader.bytes.toString('utf8', start, reader.at), start, length };
    return false;
  }
  if (before.length === length && length <= MAX_COMPARED && equal(reader.bytes, before.start, start, length))
    return true;
  before.text = reader.bytes.toString('utf8', start, reader.at);
  before.start = start;
  before.length = length;
  return false;
}

function equal(bytes: Buffer, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
