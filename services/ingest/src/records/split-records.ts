/** A body into raw records, as the framing of its source says. */
import { isUtf8 } from 'node:buffer';
import type { RawRecord, Framing } from '../source.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** How much of a body tells its framing. */
const START_BYTES = 1024;

export interface SplitOptions {
  readonly receivedMs: number;
  /** Longest record, bytes; what is longer is cut and marked. */
  readonly maxRecordBytes: number;
  readonly address?: string;
}

/**
 * The framing a body has, of those its source takes: XML and JSON are told by their first character. A syslog priority
 * (`<134>`) is no XML.
 */
export function chooseFraming(body: Buffer, framings: readonly Framing[]): Framing {
  const start = body.subarray(0, START_BYTES).toString('latin1').trimStart();
  if (framings.includes('xml') && /^(?:\xef\xbb\xbf)?\s*<[?!A-Za-z]/.test(start)) return 'xml';
  if (framings.includes('json') && /^(?:\xef\xbb\xbf)?\s*[{[]/.test(start)) return 'json';
  return framings.includes('lines') ? 'lines' : (framings[0] ?? 'lines');
}

/**
 * `lines`: a record per line feed (never another separator: U+001D, U+0085 and U+2028 occur inside records), blank
 * lines skipped. `json` and `xml`: the body is one record, or, for `json`, one per line when it is NDJSON.
 */
export function splitRecords(
  body: Buffer,
  framings: readonly Framing[],
  options: SplitOptions,
): readonly RawRecord[] {
  const framing = chooseFraming(body, framings);
  if (framing === 'xml' || (framing === 'json' && isOneDocument(body)))
    return [toRecord(body, 'document', options)];
  const records: RawRecord[] = [];
  let line = 0;
  for (let start = 0; start < body.length;) {
    const newline = body.indexOf(NEWLINE, start);
    const next = newline === -1 ? body.length : newline;
    const end = next > start && body[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    line++;
    if (end > start) records.push(toRecord(body.subarray(start, end), `line ${line}`, options));
    start = next + 1;
  }
  return records;
}

function isOneDocument(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function toRecord(bytes: Buffer, position: string, options: SplitOptions): RawRecord {
  const cut = bytes.length > options.maxRecordBytes;
  const kept = cut ? bytes.subarray(0, options.maxRecordBytes) : bytes;
  return {
    text: kept.toString('utf8'),
    ...(isUtf8(kept) ? {} : { bytes: kept }),
    receivedMs: options.receivedMs,
    position,
    ...(options.address === undefined ? {} : { address: options.address }),
    ...(cut ? { cutFromBytes: bytes.length } : {}),
  };
}
