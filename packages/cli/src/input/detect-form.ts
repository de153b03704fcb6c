/**
 * Tells JSON documents, NDJSON and XML apart by how they begin. The name only decides where the content could be
 * either: NDJSON whose first record is cut off after a comma.
 */
import { putBack } from './put-back.ts';
import type { Chunks } from './put-back.ts';

export const inputForms = ['json', 'ndjson', 'xml'] as const;
export type InputForm = (typeof inputForms)[number];

export interface DetectedInput {
  readonly form: InputForm;
  /** The whole input, the part looked at included. */
  readonly chunks: Chunks;
}

/** Past this many bytes without a decision the input is one long line: a document. */
const MAX_LOOKED_AT = 64 * 1024 * 1024;

/** Reads as much of the input as the decision needs: the first line and the beginning of the next. */
export async function detectForm(input: AsyncIterable<Buffer>, name: string): Promise<DetectedInput> {
  const iterator = input[Symbol.asyncIterator]();
  const looked: Buffer[] = [];
  let size = 0;
  let lookAgainAt = 1;
  for (;;) {
    const next = await iterator.next();
    const ended = next.done === true || size > MAX_LOOKED_AT;
    if (next.done !== true) {
      looked.push(next.value);
      size += next.value.length;
    }
    if (!ended && size < lookAgainAt) continue;
    const form = formOf(Buffer.concat(looked), ended, name);
    if (form !== undefined) return { form, chunks: putBack(looked, iterator) };
    // Twice as much each time, so that joining the chunks stays linear.
    lookAgainAt = size * 2;
  }
}

const LINE_FEED = 0x0a;
const RECORD_SEPARATOR = 0x1e;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const LESS_THAN = 0x3c;

/** The form of an input that begins with `head`; undefined when more of it has to be seen (never once `ended`). */
export function formOf(head: Buffer, ended: boolean, name: string): InputForm | undefined {
  const start = skipBlanks(head, hasByteOrderMark(head) ? 3 : 0);
  const first = head[start];
  if (first === undefined) return ended ? 'json' : undefined;
  if (first === LESS_THAN) return 'xml';
  if (first === RECORD_SEPARATOR) return 'ndjson';
  const lineEnd = head.indexOf(LINE_FEED, start);
  const next = lineEnd === -1 ? head.length : skipBlanks(head, lineEnd);
  if (next === head.length) return ended ? 'json' : undefined;
  const line = head.subarray(start, lineEnd);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return head[next] === OPEN_BRACE ? 'ndjson' : 'json';
  if (isClosed(line)) return 'ndjson';
  // The line leaves something open: a document over several lines, or a damaged record. Where an object begins the
  // next line, a document has one of [ , : before it.
  if (head[next] !== OPEN_BRACE) return 'json';
  const openEnd = /[[,:{]$/.test(line.toString('latin1').trimEnd().slice(-1));
  return openEnd && !/\.(?:ndjson|jsonl|jsonlines)(?:\.gz|\.zst)?$/i.test(name) ? 'json' : 'ndjson';
}

/** Whether every bracket that the line opens is closed in it. */
function isClosed(line: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at];
    if (byte === 0x5c && inString) at++;
    else if (byte === 0x22) inString = !inString;
    else if (inString) continue;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return depth <= 0 && !inString;
}

export function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function skipBlanks(bytes: Buffer, from: number): number {
  let at = from;
  for (
    let byte = bytes[at];
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    byte = bytes[at]
  ) {
    at++;
  }
  return at;
}
