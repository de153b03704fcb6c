/** A body as text, and the bytes that any part of that text was made of. */
import { isAscii, isUtf8 } from 'node:buffer';

export interface BodyText {
  /** Without byte order mark. Invalid UTF-8 is U+FFFD. */
  readonly text: string;
  /**
   * The bytes of a part of the text, where that part does not tell them (invalid UTF-8, UTF-16). Parts are to be asked
   * for in the order they stand in the text.
   */
  bytesOf(start: number, end: number): Buffer | undefined;
}

export type BodyEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * What the first bytes tell: a byte order mark, or the zero beside the first character of XML or JSON as Windows tools
 * write it (XML 1.0 appendix F); else UTF-8.
 */
export function bodyEncoding(body: Buffer): BodyEncoding {
  const [first, second] = body;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (isMarkup(first) && second === 0) return 'utf-16le';
  if (first === 0 && isMarkup(second)) return 'utf-16be';
  return 'utf-8';
}

/** Length of the byte order mark. */
export function markLength(body: Buffer, encoding: BodyEncoding): number {
  if (encoding === 'utf-8') return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  return (body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0xfe && body[1] === 0xff) ? 2 : 0;
}

export function readBodyText(body: Buffer): BodyText {
  const encoding = bodyEncoding(body);
  const bytes = body.subarray(markLength(body, encoding));
  if (encoding === 'utf-8') return isUtf8(bytes) ? plain(bytes) : damaged(bytes);
  // The last byte of an odd number of them is half a character.
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const text = (encoding === 'utf-16le' ? even : Buffer.from(even).swap16()).toString('utf16le');
  return {
    text,
    bytesOf: (start, end) => bytes.subarray(2 * start, end === text.length ? undefined : 2 * end),
  };
}

function plain(bytes: Buffer): BodyText {
  return { text: bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8'), bytesOf: () => undefined };
}

/** Bytes and characters do not match one by one: both are walked along, line by line, which keep their order. */
function damaged(bytes: Buffer): BodyText {
  const text = bytes.toString('utf8');
  let textAt = 0;
  let byteAt = 0;
  let newline = text.indexOf('\n');

  /** The byte at which a character begins; nothing before it is asked for again. */
  function advance(to: number): number {
    // Whole lines first: U+FFFD never swallows a line feed.
    while (newline >= 0 && newline < to) {
      textAt = newline + 1;
      byteAt = bytes.indexOf(10, byteAt) + 1;
      newline = text.indexOf('\n', textAt);
    }
    byteAt += bytesOfCharacters(bytes, byteAt, to - textAt);
    textAt = to;
    return byteAt;
  }

  return {
    text,
    bytesOf(start, end) {
      const from = advance(start);
      const part = bytes.subarray(from, advance(end));
      return isUtf8(part) ? undefined : part;
    },
  };
}

/** How many bytes the next `count` UTF-16 units of a text were decoded from. */
function bytesOfCharacters(bytes: Buffer, start: number, count: number): number {
  let at = start;
  let units = 0;
  while (units < count && at < bytes.length) {
    const length = characterLength(bytes, at, bytes.length);
    units += length === 4 ? 2 : 1;
    at += length;
  }
  return at - start;
}

/**
 * Bytes of one character, or of the maximal part of one that becomes one U+FFFD (Unicode 3.9, as the decoder does it).
 */
function characterLength(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0xc2 || first > 0xf4) return 1;
  const whole = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let index = 1; index < whole; index++) {
    const byte = at + index < end ? (bytes[at + index] ?? 0) : 0;
    if (byte < (index === 1 ? low : 0x80) || byte > (index === 1 ? high : 0xbf)) return index;
  }
  return whole;
}

function isMarkup(byte: number | undefined): boolean {
  return byte === 0x3c || byte === 0x7b || byte === 0x5b;
}
