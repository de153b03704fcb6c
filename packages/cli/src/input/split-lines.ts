/** An input in lines, in memory that does not grow with it. */
import { hasByteOrderMark } from './detect-form.ts';
import type { Chunks } from './put-back.ts';

export interface Line {
  /** Counted from 1; blank lines count and are given too. */
  readonly number: number;
  /** Without the line feed; undefined when the line is longer than the limit. */
  readonly bytes: Buffer | undefined;
  /** Length in bytes, also of a line that is too long. */
  readonly length: number;
}

const LINE_FEED = 0x0a;

/**
 * Splits at line feeds only (U+2028 and the like occur inside JSON strings); gives the lines that each chunk
 * completes together. A byte order mark at the start is left out. The bytes are only good until the next step.
 */
export async function* splitLines(chunks: Chunks, maxLineBytes: number): AsyncGenerator<readonly Line[]> {
  let number = 0;
  /** The beginning of the line under way, from earlier chunks; empty once it is too long. */
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  function take(end: Buffer): Line {
    number++;
    const length = pendingBytes + end.length;
    let bytes: Buffer | undefined;
    if (length <= maxLineBytes) bytes = pending.length === 0 ? end : Buffer.concat([...pending, end]);
    pending = [];
    pendingBytes = 0;
    if (number > 1 || bytes === undefined || !hasByteOrderMark(bytes)) return { number, bytes, length };
    return { number, bytes: bytes.subarray(3), length: length - 3 };
  }

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let feed = chunk.indexOf(LINE_FEED); feed >= 0; feed = chunk.indexOf(LINE_FEED, start)) {
      lines.push(take(chunk.subarray(start, feed)));
      start = feed + 1;
    }
    if (lines.length > 0) yield lines;
    if (start === chunk.length) continue;
    pendingBytes += chunk.length - start;
    // Of a line that is too long only its length is kept.
    if (pendingBytes > maxLineBytes) pending = [];
    else pending.push(chunk.subarray(start));
  }
  if (pendingBytes > 0) yield [take(Buffer.alloc(0))];
}
