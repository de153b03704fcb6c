/** NDJSON: one document per line, nearly always one bare event. Hot path. */
import { isAscii, isUtf8 } from 'node:buffer';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import { tooMany } from './item.ts';
import type { BodyItem } from './item.ts';
import { isTooDeep } from './json-depth.ts';
import type { BodyLimits } from './limits.ts';
import { itemsOfDocument } from './read-json.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const RECORD_SEPARATOR = 30;
const BLANK = 32;
const TAB = 9;

/**
 * Splits on line feeds only (U+2028 and the like occur inside strings); blank lines are skipped, a carriage return
 * before the line feed and a record separator (RFC 7464) before the line are no part of it.
 * Throws INGEST_BODY_EMPTY, INGEST_TOO_MANY_EVENTS.
 */
export function readNdjson(body: Buffer, limits: BodyLimits): readonly BodyItem[] {
  const ascii = isAscii(body);
  const items: BodyItem[] = [];
  let start = 0;
  let line = 0;
  while (start < body.length) {
    const newline = body.indexOf(NEWLINE, start);
    const next = newline === -1 ? body.length : newline;
    line++;
    const bytes = trimmed(body, start, next);
    start = next + 1;
    if (bytes.length === 0) continue;
    readLine(bytes, ascii, line, limits, items);
    if (items.length > limits.maxEvents) throw tooMany(limits);
  }
  if (items.length === 0) throw new ProblemError(ingestErrors.INGEST_BODY_EMPTY);
  return items;
}

function readLine(bytes: Buffer, ascii: boolean, line: number, limits: BodyLimits, items: BodyItem[]): void {
  if (bytes.length > limits.maxEventBytes) {
    items.push({
      readable: false,
      code: 'INGEST_ITEM_TOO_LARGE',
      detail: `Line ${line} has ${bytes.length} bytes; at most ${limits.maxEventBytes} are taken.`,
    });
    return;
  }
  if (!ascii && !isUtf8(bytes)) {
    items.push({ readable: false, code: 'INGEST_ITEM_ENCODING', detail: `Line ${line} is not UTF-8.` });
    return;
  }
  const text = bytes.toString(ascii ? 'latin1' : 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    items.push({
      readable: false,
      code: 'INGEST_ITEM_JSON',
      detail: `Line ${line}: ${reason.slice(0, 200)}`,
    });
    return;
  }
  if (isTooDeep(text, limits.maxDepth)) {
    items.push({
      readable: false,
      code: 'INGEST_ITEM_TOO_DEEP',
      detail: `Line ${line} is nested deeper than ${limits.maxDepth}.`,
    });
    return;
  }
  if (isBareEvent(value)) items.push({ readable: true, bytes, value });
  else items.push(...itemsOfDocument(text, value, limits));
}

/** Enough to skip the search for an envelope: envelopes have no eventTime of their own. */
function isBareEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'eventTime' in value && 'id' in value;
}

function trimmed(body: Buffer, from: number, to: number): Buffer {
  let start = from;
  let end = to;
  while (start < end && isBlank(body[start])) start++;
  while (end > start && isBlank(body[end - 1])) end--;
  return body.subarray(start, end);
}

function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB || byte === CARRIAGE_RETURN || byte === RECORD_SEPARATOR;
}
