/** Lines of a spool file: the CRC-32 of the event's JSON in eight hexadecimal digits, a space, the JSON, a line feed. */
import { crc32 } from 'node:zlib';

const HEAD_BYTES = 9;
const LINE_FEED = 10;

/** How many bytes a line has around the event. */
export const SPOOL_LINE_BYTES: number = HEAD_BYTES + 1;

export function toSpoolLine(event: Buffer): Buffer {
  const line = Buffer.allocUnsafe(event.length + SPOOL_LINE_BYTES);
  line.write(`${checksum(event)} `, 0, 'latin1');
  event.copy(line, HEAD_BYTES);
  line[line.length - 1] = LINE_FEED;
  return line;
}

export interface SpoolLine {
  /** The event's JSON; of a damaged line, all of it. */
  readonly bytes: Buffer;
  readonly damaged: boolean;
  /** Bytes of the line with its end. */
  readonly length: number;
}

/** The whole lines at the beginning of a piece of a spool file. */
export function* spoolLines(piece: Buffer): Generator<SpoolLine> {
  let start = 0;
  for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
    const line = piece.subarray(start, end);
    const bytes = line.subarray(HEAD_BYTES);
    const damaged = line.toString('latin1', 0, HEAD_BYTES) !== `${checksum(bytes)} `;
    yield { bytes: damaged ? line : bytes, damaged, length: end + 1 - start };
    start = end + 1;
  }
}

/**
 * Where the last whole line of a file ends: what follows was being written when the process ended, and not promised. A
 * whole line that is damaged was promised, perhaps: it stays, so that its loss is told.
 */
export function wholeLength(file: Buffer): number {
  return file.lastIndexOf(LINE_FEED) + 1;
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
