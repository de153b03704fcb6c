import { flatCopy } from './flat-string.ts';
import { TokenKind } from './json-tape.ts';
import type { JsonTape } from './json-tape.ts';

/** Where the string contents and number tokens of a scanned text are. */
export interface LeafSpans {
  count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 for a number, 0 for a string. */
  readonly numbers: Uint8Array;
}

export function createLeafSpans(maxLeaves: number): LeafSpans {
  return {
    count: 0,
    starts: new Int32Array(maxLeaves),
    ends: new Int32Array(maxLeaves),
    numbers: new Uint8Array(maxLeaves),
  };
}

/** Picks the leaves off the tape. Answers false if there are more than the spans hold. */
export function readLeafSpans(tape: JsonTape, spans: LeafSpans): boolean {
  let count = 0;
  for (let i = 0; i < tape.count; i++) {
    const kind = tape.kinds[i];
    if (kind !== TokenKind.string && kind !== TokenKind.number) continue;
    if (count === spans.numbers.length) return false;
    spans.starts[count] = tape.starts[i] ?? 0;
    spans.ends[count] = tape.ends[i] ?? 0;
    spans.numbers[count++] = kind === TokenKind.number ? 1 : 0;
  }
  spans.count = count;
  return true;
}

/** A hash of the text without its leaves; equal for texts of one structure. */
export function structureHash(text: string, spans: LeafSpans): number {
  let hash = 0x811c9dc5;
  let low = 0;
  let from = 0;
  for (let span = 0; span <= spans.count; span++) {
    const to = span < spans.count ? (spans.starts[span] ?? 0) : text.length;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      hash = Math.imul(hash ^ code, 0x01000193);
      low = (Math.imul(low, 31) + code) | 0;
    }
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
    from = spans.ends[span] ?? 0;
  }
  return (hash >>> 0) * 0x200000 + (low & 0x1fffff);
}

/** Copies of the text before, between and after the leaves. */
export function literalsBetween(text: string, spans: LeafSpans): string[] {
  const literals: string[] = [];
  let from = 0;
  for (let span = 0; span <= spans.count; span++) {
    literals.push(flatCopy(text.slice(from, span < spans.count ? spans.starts[span] : text.length)));
    from = spans.ends[span] ?? 0;
  }
  return literals;
}
