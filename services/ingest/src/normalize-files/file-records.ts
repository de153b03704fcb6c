/** The records of a file: line by line where it is a log, whole where it is one document. */
import { putBack, readDocument } from '@cadf-pipeline/cli';
import { isUtf8 } from 'node:buffer';
import { bodyEncoding } from '../framing/body-text.ts';
import { chooseFraming, frameBody } from '../framing/frame-body.ts';
import { isJournalExport } from '../framing/journal-export.ts';
import { createLineSplitter } from '../line-splitter.ts';
import type { Line } from '../line-splitter.ts';
import type { Framing, RawRecord } from '../source.ts';

/** As intake has it by default. */
export const MAX_RECORD_BYTES = 1 << 20;
/** Enough to tell what a file is. */
const START_BYTES = 4096;
const JOURNAL_MARK = '"__REALTIME_TIMESTAMP"';

/**
 * Logs of lines are read as they come, of any size; documents (XML, JSON over several lines, UTF-16) are held whole, up
 * to the 64 MiB that `readDocument` allows. Throws InputError.
 */
export async function* fileRecords(
  chunks: AsyncIterable<Buffer>,
  framings: readonly Framing[],
  receivedMs: number,
): AsyncGenerator<RawRecord> {
  const iterator = chunks[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  let length = 0;
  while (length < START_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    held.push(next.value);
    length += next.value.length;
  }
  const start = Buffer.concat(held);
  const all = putBack(start.length === 0 ? [] : [start], iterator);
  if (isWhole(start, framings)) {
    const body = Buffer.from(await readDocument(all));
    yield* frameBody(body, { framings, receivedMs, maxRecordBytes: MAX_RECORD_BYTES });
    return;
  }
  yield* lineRecords(all, receivedMs);
}

/** NDJSON and XML of an element per line are lines; what goes on over several lines has to be held. */
function isWhole(start: Buffer, framings: readonly Framing[]): boolean {
  if (bodyEncoding(start) !== 'utf-8' || isJournalExport(start)) return true;
  const text = start.toString('utf8').replace(/^\uFEFF/, '');
  const framing = chooseFraming(text, framings);
  if (framing === 'lines') return false;
  if (framing === 'xml') return true;
  const newline = text.indexOf('\n');
  const firstLine = newline < 0 ? text : text.slice(0, newline);
  // A first line that is cut off by the bound is a long one: of the journal, or a document.
  if (newline < 0 && text.length >= START_BYTES / 4) return !firstLine.includes(JOURNAL_MARK);
  return !isJson(firstLine);
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function* lineRecords(chunks: AsyncIterable<Buffer>, receivedMs: number): AsyncGenerator<RawRecord> {
  const splitter = createLineSplitter(MAX_RECORD_BYTES, 0);
  let number = 0;
  for await (const chunk of chunks) {
    for (const line of splitter.push(chunk)) {
      number += 1;
      if (line.length > 0) yield toRecord(line, number, receivedMs);
    }
  }
  const rest = splitter.rest();
  if (rest !== undefined) yield toRecord(rest, number + 1, receivedMs);
}

function toRecord({ bytes, length }: Line, number: number, receivedMs: number): RawRecord {
  const text = bytes.toString('utf8');
  const marked = number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
  return {
    text: marked.endsWith('\r') ? marked.slice(0, -1) : marked,
    ...(isUtf8(bytes) ? {} : { bytes }),
    receivedMs,
    position: `line ${number}`,
    ...(length > bytes.length ? { cutFromBytes: length } : {}),
  };
}
