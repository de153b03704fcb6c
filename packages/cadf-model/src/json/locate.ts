/** Finds where in a JSON text the values of JSON Pointers (RFC 6901) are: for messages, and to keep their own text. */
import { endOfString } from './depth.ts';

/** Half-open range of characters: `text.slice(start, end)` is the value as written. */
export interface JsonRange {
  readonly start: number;
  readonly end: number;
}

export interface JsonPlace extends JsonRange {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
}

/** Line and column of the value at a pointer; undefined when there is none, or the text is not JSON up to there. */
export function locateJson(text: string, pointer: string): JsonPlace | undefined {
  const range = jsonRanges(text, [pointer]).get(pointer);
  if (range === undefined) return undefined;
  return { ...range, ...placeOf(text, range.start) };
}

/** Line and column, counted from 1, of a character. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/**
 * Ranges of many pointers in one pass over the text. Pointers that lead nowhere are missing from the answer. Of
 * members given twice the last counts, as in JSON.parse. The text should have passed JSON.parse and `checkJsonDepth`;
 * one that is not JSON gives the ranges found before the fault.
 */
export function jsonRanges(text: string, pointers: readonly string[]): ReadonlyMap<string, JsonRange> {
  const wanted = wantedTree(pointers);
  const ranges = new Map<string, JsonRange>();
  readValue({ text, ranges, found: [] }, skipBlanks(text, 0), wanted);
  return ranges;
}

interface Wanted {
  pointer: string | undefined;
  readonly children: Map<string, Wanted>;
  /** Where in `Reader.found` the pointers of its last value begin and end. */
  from: number;
  to: number;
}

interface Reader {
  readonly text: string;
  readonly ranges: Map<string, JsonRange>;
  /** Pointers in the order they were found. */
  readonly found: string[];
}

function wantedTree(pointers: readonly string[]): Wanted {
  const root = newWanted();
  for (const pointer of pointers) {
    if (pointer !== '' && !pointer.startsWith('/')) continue;
    let node = root;
    for (const token of pointer.split('/').slice(1)) {
      const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
      let child = node.children.get(name);
      if (child === undefined) node.children.set(name, (child = newWanted()));
      node = child;
    }
    node.pointer = pointer;
  }
  return root;
}

function newWanted(): Wanted {
  return { pointer: undefined, children: new Map(), from: 0, to: 0 };
}

/** Reads one value and answers the index after it; the text's length past any fault. */
function readValue(reader: Reader, start: number, wanted: Wanted | undefined): number {
  const { text, ranges, found } = reader;
  let end: number;
  const code = text.charCodeAt(start);
  if (wanted === undefined || wanted.children.size === 0) end = skipValue(text, start);
  else if (code === 0x7b) end = readObject(reader, start, wanted);
  else if (code === 0x5b) end = readList(reader, start, wanted);
  else end = skipValue(text, start);
  if (wanted?.pointer !== undefined && end > start) {
    ranges.set(wanted.pointer, { start, end });
    found.push(wanted.pointer);
  }
  return end;
}

function readObject(reader: Reader, start: number, wanted: Wanted): number {
  const { text } = reader;
  let at = skipBlanks(text, start + 1);
  if (text.charCodeAt(at) === 0x7d) return at + 1;
  while (text.charCodeAt(at) === 0x22) {
    const keyEnd = endOfString(text, at);
    const child = wanted.children.get(keyOf(text.slice(at + 1, keyEnd)));
    at = skipBlanks(text, keyEnd + 1);
    if (text.charCodeAt(at) !== 0x3a) return text.length;
    at = skipBlanks(text, readMember(reader, skipBlanks(text, at + 1), child));
    const code = text.charCodeAt(at);
    if (code === 0x7d) return at + 1;
    if (code !== 0x2c) return text.length;
    at = skipBlanks(text, at + 1);
  }
  return text.length;
}

function readList(reader: Reader, start: number, wanted: Wanted): number {
  const { text } = reader;
  let at = skipBlanks(text, start + 1);
  if (text.charCodeAt(at) === 0x5d) return at + 1;
  for (let index = 0; at < text.length; index++) {
    at = skipBlanks(text, readValue(reader, at, wanted.children.get(String(index))));
    const code = text.charCodeAt(at);
    if (code === 0x5d) return at + 1;
    if (code !== 0x2c) return text.length;
    at = skipBlanks(text, at + 1);
  }
  return text.length;
}

/** A member's value. When the member is given again, what was found below the one before does not count. */
function readMember(reader: Reader, start: number, wanted: Wanted | undefined): number {
  if (wanted === undefined) return readValue(reader, start, wanted);
  for (const pointer of reader.found.slice(wanted.from, wanted.to)) reader.ranges.delete(pointer);
  wanted.from = reader.found.length;
  const end = readValue(reader, start, wanted);
  wanted.to = reader.found.length;
  return end;
}

/** A member's name from what stands between its quotes. */
export function keyOf(written: string): string {
  if (!written.includes('\\')) return written;
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}

/** Index of the first character from `start` on that is not white space. */
export function skipBlanks(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); isBlank(code); code = text.charCodeAt(at)) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Index after a value that nothing is wanted from: counts brackets outside strings. */
export function skipValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === 0x22) return Math.min(endOfString(text, start) + 1, text.length);
  if ((first | 0x20) !== 0x7b) return skipToken(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if ((code | 0x20) === 0x7b) depth++;
    else if ((code | 0x20) === 0x7d && --depth === 0) return at + 1;
  }
  return text.length;
}

/** A number, true, false or null. */
function skipToken(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === 0x2c || code === 0x5d || code === 0x7d) break;
    at++;
  }
  return at;
}
