/** Makes raw records out of parts of a body. */
import type { RawRecord, RecordFault } from '../source.ts';
import type { BodyText } from './body-text.ts';

export interface RecordOptions {
  /** Milliseconds since 1970 UTC. */
  readonly receivedMs: number;
  /** Longest record, bytes of UTF-8; what is longer is cut and marked. */
  readonly maxRecordBytes: number;
  readonly address?: string;
}

export interface RecordMaker {
  /** The record that is the text from `start` up to `end`. Records are to be made in the order they stand. */
  make(start: number, end: number, position: string, fault?: RecordFault): RawRecord;
}

export function createRecordMaker(body: BodyText, options: RecordOptions): RecordMaker {
  const { maxRecordBytes, receivedMs, address } = options;
  const sender = address === undefined ? {} : { address };
  return {
    make(start, end, position, fault) {
      const whole = body.text.slice(start, end);
      const length = isSurelyShort(whole, maxRecordBytes) ? 0 : Buffer.byteLength(whole);
      const text = length > maxRecordBytes ? beginningOf(whole, maxRecordBytes) : whole;
      const bytes = body.bytesOf(start, start + text.length);
      return {
        text,
        ...(bytes === undefined ? {} : { bytes }),
        receivedMs,
        position,
        ...sender,
        ...(length > maxRecordBytes ? { cutFromBytes: length } : {}),
        ...(fault === undefined ? {} : { fault }),
      };
    },
  };
}

/** Three bytes of UTF-8 per UTF-16 unit at most. */
function isSurelyShort(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes;
}

/** The longest beginning of whole characters that fits. */
function beginningOf(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text.slice(0, maxBytes));
  let end = Math.min(maxBytes, bytes.length);
  // Bytes 10xxxxxx go on with a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
