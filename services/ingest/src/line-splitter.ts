/**
 * Cuts bytes into lines at `\n` only: 0x1D, U+0085 and U+2028 stand inside log records. Works on bytes, so a
 * character split between two reads is whole again in its line. Holds at most `maxLineBytes` of an unfinished line.
 */

export interface Line {
  /** Without the line end; the beginning only where the line is longer than the bound. */
  readonly bytes: Buffer;
  /** Length of the whole line without its end. */
  readonly length: number;
  /** Offset of the line's first byte, and of the byte behind its end. */
  readonly start: number;
  readonly end: number;
}

export interface LineSplitter {
  /** Lines that end in this chunk, which follows directly on the last one. */
  push(chunk: Buffer): Generator<Line>;
  /** The unfinished line, as if it had ended; undefined when there is none. The splitter is empty then. */
  rest(): Line | undefined;
  /** Bytes of the unfinished line. */
  readonly pending: number;
}

/** `start` is the offset of the first byte that will be pushed. */
export function createLineSplitter(maxLineBytes: number, start: number): LineSplitter {
  let parts: Buffer[] = [];
  let kept = 0;
  let length = 0;
  let lineStart = start;

  function append(piece: Buffer): void {
    length += piece.length;
    const room = maxLineBytes - kept;
    if (room <= 0 || piece.length === 0) return;
    // A copy, so that a short rest does not keep the whole chunk in memory.
    const part = Buffer.from(piece.subarray(0, room));
    parts.push(part);
    kept += part.length;
  }

  function finish(endLength: number): Line {
    const line = {
      bytes: Buffer.concat(parts, kept),
      length,
      start: lineStart,
      end: lineStart + length + endLength,
    };
    lineStart = line.end;
    parts = [];
    kept = 0;
    length = 0;
    return line;
  }

  return {
    *push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        append(chunk.subarray(from, at));
        from = at + 1;
        yield finish(1);
      }
      append(chunk.subarray(from));
    },
    rest: () => (length === 0 ? undefined : finish(0)),
    get pending() {
      return length;
    },
  };
}
