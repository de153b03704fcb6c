/** A line of the log that more lines may belong to: tracebacks, dumps, with or without the line's own prefix. */
import type { RawRecord } from '../../src/source.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import type { OsloLine } from './oslo-line.ts';

const MAX_LINES = 256;
const MAX_LENGTH = 256 * 1024;

export interface OpenRecord {
  readonly line: OsloLine;
  readonly header: RecordHeader;
  readonly records: RawRecord[];
  length: number;
}

export function openRecord(line: OsloLine, header: RecordHeader, record: RawRecord): OpenRecord {
  return { line, header, records: [record], length: record.text.length };
}

/** Whether lines may follow: errors have tracebacks, debug messages dumps; what nova does to instances has neither. */
export function mayGoOn({ level }: OsloLine): boolean {
  return level !== 'INFO' && level !== 'AUDIT';
}

/** `oslo.log` repeats the prefix before each line of a traceback, without the request. */
export function isPartOf(open: OpenRecord, line: OsloLine): boolean {
  if (line.context !== undefined) return false;
  const { level, logger, pid } = open.line;
  return line.pid === pid && line.logger === logger && (line.level === level || line.level === 'TRACE');
}

/** False where the record has become too long: then it is full, and the line is not of it. */
export function extend(open: OpenRecord, record: RawRecord): boolean {
  if (open.records.length >= MAX_LINES || open.length + record.text.length > MAX_LENGTH) return false;
  open.records.push(record);
  open.length += record.text.length;
  return true;
}

/** Lines that only a traceback has, where its beginning was not seen. */
export function isStrayTraceback(text: string): boolean {
  return /^(?:\s|Traceback \(most recent call last\):|During handling of the above|The above exception was|[\w.]{1,120}(?:Error|Exception|Timeout|NotFound|Failed)(?::|$))/.test(
    text.length > 200 ? text.slice(0, 200) : text,
  );
}
