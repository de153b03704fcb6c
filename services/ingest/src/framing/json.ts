/**
 * Records that are JSON values: one document, the elements of its array or of a list in a wrapper, a value per line
 * (NDJSON), or values one after the other, also printed over several lines and with the record separators of RFC 7464.
 * Each keeps its exact text. A value that is damaged is a record too, and those behind it are found again at the next
 * line that begins one.
 */
import type { RawRecord, RecordFault } from '../source.ts';
import type { BodyText } from './body-text.ts';
import { findValueEnd, isBlank, skipBlanks } from './json-values.ts';
import type { ValueEnd } from './json-values.ts';
import { listInWrapper } from './json-wrapper.ts';
import { createLineFinder } from './lines.ts';
import type { RecordMaker } from './record-maker.ts';

const COMMA = 44;
const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const RECORD_SEPARATOR = 30;

/** How often a text is looked at in all, before values over several lines are no longer looked for in it. */
const MAX_PASSES = 4;
const MAX_INDENT = 64;

export function* frameJson(
  { text }: BodyText,
  maker: RecordMaker,
  maxDepth: number,
): Generator<RawRecord, void, undefined> {
  const lineAt = createLineFinder(text);
  let budget = MAX_PASSES * text.length + 65_536;
  let inArray = false;
  let element = 0;
  let behind = 0;
  const first = skipSeparators(text, 0);

  for (let at = first; at < text.length; at = skipSeparators(text, at)) {
    const code = text.charCodeAt(at);
    if (inArray && code === CLOSE_BRACKET) {
      inArray = false;
      at++;
      continue;
    }
    if (!inArray && code === OPEN_BRACKET && isListStart(text, at)) {
      inArray = true;
      element = 0;
      at++;
      continue;
    }
    const isValue = code === OPEN_BRACE || code === OPEN_BRACKET || inArray;
    const found: ValueEnd = isValue && budget > 0 ? findValueEnd(text, at, maxDepth) : { brokenAt: at };
    budget -= placeOf(found) - at;
    // A line that is no JSON keeps the blanks and commas it begins with.
    const line = lineAt(at);
    const start = isValue ? at : Math.max(behind, line.start);
    const end = 'end' in found ? found.end : isValue ? brokenEnd(text, at, line.start) : lineEnd(text, at);
    const isAlone = at === first && skipSeparators(text, end) === text.length;
    const place = inArray ? `element ${++element}` : isAlone ? 'document' : `line ${line.line}`;
    if ('end' in found) yield* wholeValue(text, maker, start, end, place);
    else yield maker.make(start, end, place, 'tooDeepAt' in found ? tooDeep(maxDepth) : undefined);
    at = end;
    behind = end;
  }
}

/** A value, or the records of the list it wraps. */
function* wholeValue(
  text: string,
  maker: RecordMaker,
  start: number,
  end: number,
  position: string,
): Generator<RawRecord, void, undefined> {
  const list = listInWrapper(text, start, end);
  if (list === undefined) {
    yield maker.make(start, end, position);
    return;
  }
  let element = 0;
  for (const span of list) {
    element++;
    const place = position === 'document' ? `element ${element}` : `${position}, element ${element}`;
    yield maker.make(span.start, span.end, place);
  }
}

function placeOf(found: ValueEnd): number {
  if ('end' in found) return found.end;
  return 'brokenAt' in found ? found.brokenAt : found.tooDeepAt;
}

/** Whether an array is a list of records: its first element is an object, or it is empty. */
function isListStart(text: string, start: number): boolean {
  const code = text.charCodeAt(skipBlanks(text, start + 1));
  return code === OPEN_BRACE || code === CLOSE_BRACKET;
}

/** Commas stand between elements, and some tools write them between lines too. */
function skipSeparators(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (!isBlank(code) && code !== COMMA && code !== RECORD_SEPARATOR) return at;
    at++;
  }
}

/** A damaged value ends where another line begins as its own did: as far in, with a bracket or a record separator. */
function brokenEnd(text: string, start: number, lineStart: number): number {
  const before = start - lineStart <= MAX_INDENT ? text.slice(lineStart, start) : '';
  const indent = before.trim() === '' ? before : '';
  for (let newline = text.indexOf('\n', start); newline >= 0; newline = text.indexOf('\n', newline + 1)) {
    const code = text.charCodeAt(newline + 1 + indent.length);
    const isStart = code === OPEN_BRACE || code === OPEN_BRACKET || code === RECORD_SEPARATOR;
    if (isStart && text.startsWith(indent, newline + 1)) return trimmedEnd(text, start, newline);
  }
  return trimmedEnd(text, start, text.length);
}

function lineEnd(text: string, start: number): number {
  const newline = text.indexOf('\n', start);
  return trimmedEnd(text, start, newline < 0 ? text.length : newline);
}

/** At least one character is kept, so that reading goes on. */
function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

function tooDeep(maxDepth: number): RecordFault {
  return {
    code: 'RECORD_TOO_DEEP',
    detail: `The value is nested deeper than ${maxDepth}. Such a record is not read; look at what made it.`,
  };
}
