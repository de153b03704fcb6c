/** NDJSON: one document per line, nearly always one bare event. Hot path. */
import { isAscii, isUtf8 } from 'node:buffer';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import type { ItemFaultCode } from '../errors.ts';
import { createAddedBytes, tooMany } from './item.ts';
import type { AddedBytes, BodyItem } from './item.ts';
import { isTooDeep } from './json-depth.ts';
import type { BodyLimits } from './limits.ts';
import { itemsOfDocument } from './read-json.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const RECORD_SEPARATOR = 30;
const BLANK = 32;
const TAB = 9;
const EMPTY = Buffer.alloc(0);

/** A part of a longer text. */
export interface NdjsonPart {
  /** Lines before it, for sentences; it may be blank then. */
  readonly linesBefore?: number;
  /** Each line is one item, whatever it holds. Default false: blank lines are none, envelopes as many as they hold. */
  readonly everyLine?: boolean;
}

/**
 * Splits on line feeds only (U+2028 and the like occur inside strings); blank lines are skipped, a carriage return
 * before the line feed and a record separator (RFC 7464) before the line are no part of it. Reads one line at a time,
 * so that what is parsed can be forgotten before the next: a whole body of parsed events would outlive the young
 * generation and make the collector the greatest cost of intake.
 * Throws INGEST_BODY_EMPTY, INGEST_BODY_TOO_LARGE, INGEST_TOO_MANY_EVENTS.
 */
export function* readNdjson(
  body: Buffer,
  limits: BodyLimits,
  { everyLine = false, linesBefore }: NdjsonPart = {},
): Generator<BodyItem, void, undefined> {
  const ascii = isAscii(body);
  const added = createAddedBytes();
  let found = 0;
  let start = 0;
  let line = linesBefore ?? 0;
  while (start < body.length) {
    // Blank lines one byte at a time: a body of nothing else must not cost a search for each.
    const first = body[start];
    if (first === NEWLINE || isBlank(first)) {
      if (first === NEWLINE) {
        line++;
        if (everyLine) yield unreadable('INGEST_ITEM_NOT_AN_EVENT', `Line ${line} is blank.`, EMPTY);
      }
      start++;
      continue;
    }
    const newline = body.indexOf(NEWLINE, start);
    const next = newline === -1 ? body.length : newline;
    line++;
    const bytes = trimmed(body, start, next);
    start = next + 1;
    const whole = readLine(bytes, ascii, line, limits, added);
    const read = everyLine && Array.isArray(whole) ? onlyOne(whole, line, bytes) : whole;
    found += Array.isArray(read) ? read.length : 1;
    if (found > limits.maxEvents) throw tooMany(limits);
    if (Array.isArray(read)) yield* read;
    else yield read;
  }
  if (found === 0 && linesBefore === undefined) throw new ProblemError(ingestErrors.INGEST_BODY_EMPTY);
}

/** A line that may hold one event alone: any other number of them is none. */
function onlyOne(items: BodyItem[], line: number, bytes: Buffer): BodyItem {
  const [first] = items;
  if (items.length === 1 && first !== undefined) return first.readable ? first : { bytes, ...first };
  return unreadable(
    'INGEST_ITEM_NOT_AN_EVENT',
    `Line ${line} holds ${items.length} events where one belongs.`,
    bytes,
  );
}

/** The event of a line, or the several of an envelope. */
function readLine(
  bytes: Buffer,
  ascii: boolean,
  line: number,
  limits: BodyLimits,
  added: AddedBytes,
): BodyItem | BodyItem[] {
  if (bytes.length > limits.maxEventBytes)
    return unreadable(
      'INGEST_ITEM_TOO_LARGE',
      `Line ${line} has ${bytes.length} bytes; at most ${limits.maxEventBytes} are taken.`,
      bytes.subarray(0, limits.maxEventBytes),
    );
  if (!ascii && !isUtf8(bytes))
    return unreadable('INGEST_ITEM_ENCODING', `Line ${line} is not UTF-8.`, bytes);
  const text = bytes.toString(ascii ? 'latin1' : 'utf8');
  if (isTooDeep(text, limits.maxDepth))
    return unreadable(
      'INGEST_ITEM_TOO_DEEP',
      `Line ${line} is nested deeper than ${limits.maxDepth}.`,
      bytes,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unreadable('INGEST_ITEM_JSON', `Line ${line}: ${reason.slice(0, 200)}`, bytes);
  }
  return isBareEvent(value) ? { readable: true, bytes, value } : itemsOfDocument(text, value, limits, added);
}

function unreadable(code: ItemFaultCode, detail: string, bytes: Buffer): BodyItem {
  return { readable: false, code, detail, bytes };
}

/** Enough to skip the search for an envelope: envelopes have no eventTime of their own. */
function isBareEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'eventTime' in value && 'id' in value;
}

/** Without the blanks at the end; there is something else. */
function trimmed(body: Buffer, from: number, to: number): Buffer {
  let end = to;
  while (end > from && isBlank(body[end - 1])) end--;
  return body.subarray(from, end);
}

function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB || byte === CARRIAGE_RETURN || byte === RECORD_SEPARATOR;
}
