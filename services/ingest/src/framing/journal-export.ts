/**
 * Entries of the systemd journal in its export format, each made the JSON object `journalctl -o json` would print
 * (systemd: Journal Export Formats, Journal JSON Format): what systemd-journal-upload and journal gateways send.
 */
import { isUtf8 } from 'node:buffer';
import type { RawRecord, RecordFault } from '../source.ts';
import type { RecordOptions } from './record-maker.ts';

const NEWLINE = 10;
const EQUALS = 61;
const LENGTH_BYTES = 8;
const MAX_FIELDS = 1024;
/** The journal takes names of up to 64 characters. */
const FIELD_NAME = /^[A-Z0-9_]{1,256}$/;
const FIRST_FIELD = Buffer.from('\n__CURSOR=');

/** Whether a body begins as the format does. */
export function isJournalExport(body: Buffer): boolean {
  return body.subarray(0, FIRST_FIELD.length - 1).equals(FIRST_FIELD.subarray(1));
}

interface Field {
  readonly name: string;
  readonly value: Buffer;
}

type Entry = { readonly end: number; readonly fields: readonly Field[] } | { readonly fault: RecordFault };

export function* frameJournalExport(
  body: Buffer,
  options: RecordOptions,
): Generator<RawRecord, void, undefined> {
  let count = 0;
  for (let at = skipNewlines(body, 0); at < body.length; at = skipNewlines(body, at)) {
    count++;
    const position = `entry ${count}`;
    const entry = readEntry(body, at);
    const end = 'fault' in entry ? nextEntry(body, at) : entry.end;
    const length = end - at;
    if (length > options.maxRecordBytes || 'fault' in entry) {
      const bytes = body.subarray(at, Math.min(end, at + options.maxRecordBytes));
      yield {
        ...baseOf(options),
        text: bytes.toString('utf8'),
        bytes,
        position,
        ...(length > options.maxRecordBytes ? { cutFromBytes: length } : {}),
        ...('fault' in entry ? { fault: entry.fault } : {}),
      };
    } else yield { ...baseOf(options), text: toJson(entry.fields), position };
    at = end;
  }
}

function baseOf({ receivedMs, address }: RecordOptions): Pick<RawRecord, 'receivedMs' | 'address'> {
  return { receivedMs, ...(address === undefined ? {} : { address }) };
}

/** Up to the blank line behind it, or the end. */
function readEntry(body: Buffer, start: number): Entry {
  const fields: Field[] = [];
  let at = start;
  while (at < body.length && body[at] !== NEWLINE) {
    const newline = body.indexOf(NEWLINE, at);
    const lineEnd = newline < 0 ? body.length : newline;
    const equals = body.indexOf(EQUALS, at);
    const isText = equals >= 0 && equals < lineEnd;
    const name = body.toString('latin1', at, isText ? equals : Math.min(lineEnd, at + 257));
    if (!FIELD_NAME.test(name)) return broken('A line is neither NAME=value nor the name of a binary field');
    if (fields.length >= MAX_FIELDS) return broken(`It has more than ${MAX_FIELDS} fields`);
    if (isText) {
      fields.push({ name, value: body.subarray(equals + 1, lineEnd) });
      at = lineEnd + 1;
      continue;
    }
    const from = lineEnd + 1 + LENGTH_BYTES;
    if (from > body.length) return broken(`The length of the field ${name} is missing`);
    const length = body.readBigUInt64LE(lineEnd + 1);
    if (length >= BigInt(body.length - from)) return broken(`The field ${name} is longer than what came`);
    const to = from + Number(length);
    if (body[to] !== NEWLINE) return broken(`No line end stands behind the field ${name}`);
    fields.push({ name, value: body.subarray(from, to) });
    at = to + 1;
  }
  return { end: Math.min(at, body.length), fields };
}

function broken(what: string): Entry {
  return {
    fault: {
      code: 'RECORD_JOURNAL_BROKEN',
      detail: `${what}. Send the journal's export format as journalctl -o export writes it, whole entries only.`,
    },
  };
}

function nextEntry(body: Buffer, start: number): number {
  const found = body.indexOf(FIRST_FIELD, start);
  return found < 0 ? body.length : found + 1;
}

function skipNewlines(body: Buffer, start: number): number {
  let at = start;
  while (body[at] === NEWLINE) at++;
  return at;
}

/** Values that are no printable text are lists of their bytes; a field that is there twice is the list of its values. */
function toJson(fields: readonly Field[]): string {
  const byName = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [valueJson(value)]);
    else known.push(valueJson(value));
  }
  const members = [...byName].map(
    ([name, values]) => `"${name}":${values.length === 1 ? values[0] : `[${values.join(',')}]`}`,
  );
  return `{${members.join(',')}}`;
}

function valueJson(value: Buffer): string {
  return isUtf8(value) ? JSON.stringify(value.toString('utf8')) : `[${[...value].join(',')}]`;
}
