import { isUtf8 } from 'node:buffer';

/** Index of the first byte that is no part of well-formed UTF-8 (RFC 3629 §4); -1 when all is well. */
export function utf8FaultAt(bytes: Buffer): number {
  if (isUtf8(bytes)) return -1;
  let at = 0;
  for (;;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
}

/** Length of the well-formed sequence at an index; 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0xff;
  if (first < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0;
  const third = bytes[at + 2] ?? 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80; // shorter forms exist
    const high = first === 0xed ? 0x9f : 0xbf; // surrogates
    return second >= low && second <= high && isContinuation(third) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf; // past U+10FFFF
    return second >= low && second <= high && isContinuation(third) && isContinuation(bytes[at + 3] ?? 0)
      ? 4
      : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}
