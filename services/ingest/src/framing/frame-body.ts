/** A body, or a file read whole, into raw records: what it is, its media type and its first bytes tell. */
import type { Framing, RawRecord } from '../source.ts';
import { readBodyText } from './body-text.ts';
import type { BodyText } from './body-text.ts';
import { dataOfEventStream, isEventStream } from './event-stream.ts';
import { frameJournalExport, isJournalExport } from './journal-export.ts';
import { frameJson } from './json.ts';
import { findValueEnd, skipBlanks } from './json-values.ts';
import { frameLines } from './lines.ts';
import { createRecordMaker } from './record-maker.ts';
import type { RecordOptions } from './record-maker.ts';
import { frameXml } from './xml.ts';

export interface FrameOptions extends RecordOptions {
  /** Of the source: what its bodies may be, most usual first. */
  readonly framings: readonly Framing[];
  /** Without parameters, lower case; default: none, the first bytes alone tell. */
  readonly mediaType?: string;
  /** Deepest nesting of JSON and XML; default 64. */
  readonly maxDepth?: number;
}

export const JOURNAL_EXPORT_TYPE = 'application/vnd.fdo.journal';
const DEFAULT_MAX_DEPTH = 64;
/** How much of a text tells its framing. */
const START_LENGTH = 4096;
const RECORD_SEPARATOR = '\u001E';
const JOURNAL_FIELD = /"(?:__CURSOR|__REALTIME_TIMESTAMP|_SOURCE_REALTIME_TIMESTAMP|_BOOT_ID)"/;

/**
 * The records of a body, in order, as they are asked for; each has the exact text it had there (entries of the journal's
 * export format are made JSON). Entries of the journal are taken for every source, in any of their forms. What cannot
 * be cut is a record with a `fault`. Linear in the length of the body.
 */
export function frameBody(body: Buffer, options: FrameOptions): Iterable<RawRecord> {
  if (options.mediaType === JOURNAL_EXPORT_TYPE || isJournalExport(body))
    return frameJournalExport(body, options);
  const text = readBodyText(body);
  const start = text.text.slice(0, START_LENGTH);
  if (options.mediaType === 'text/event-stream' || isEventStream(start))
    return framed(dataOfEventStream(text), 'json', options);
  return framed(text, chooseFraming(start, options.framings), options);
}

function framed(text: BodyText, framing: Framing, options: FrameOptions): Iterable<RawRecord> {
  const maker = createRecordMaker(text, options);
  const maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
  switch (framing) {
    case 'lines':
      return frameLines(text, maker);
    case 'json':
      return frameJson(text, maker, maxDepth);
    case 'xml':
      return frameXml(text, maker, maxDepth);
  }
}

/**
 * The framing a text has, of those its source takes, by how it begins. A syslog priority (`<134>`) is no XML, a time in
 * brackets no JSON; entries of the journal are JSON for every source.
 */
export function chooseFraming(start: string, framings: readonly Framing[]): Framing {
  const text = start.trimStart().replace(RECORD_SEPARATOR, '').trimStart();
  if (framings.includes('xml') && /^<[?!A-Za-z_]/.test(text)) return 'xml';
  if (beginsJson(text) && (framings.includes('json') || JOURNAL_FIELD.test(text))) return 'json';
  if (framings.includes('lines')) return 'lines';
  return framings[0] ?? 'lines';
}

function beginsJson(text: string): boolean {
  const first = text.charAt(0);
  const next = text.charAt(skipBlanks(text, 1));
  if (first === '{') return next === '"' || next === '}' || next === '';
  if (first !== '[') return false;
  if (next === '{' || next === '') return true;
  // `[2026-11-21 …` and `[ 12.3] …` of a log are no lists; one of texts or numbers, with nothing behind it, is.
  const found = findValueEnd(text, 0, DEFAULT_MAX_DEPTH);
  return 'end' in found && /^[ \t\r]{0,8}(?:\n|$)/.test(text.slice(found.end, found.end + 16));
}
