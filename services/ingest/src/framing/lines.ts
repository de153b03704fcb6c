/** Records that are lines. */
import type { BodyText } from './body-text.ts';
import type { RecordMaker } from './record-maker.ts';
import type { RawRecord } from '../source.ts';

const CARRIAGE_RETURN = 13;

/**
 * A record per line feed (never another separator: U+001D, U+0085 and U+2028 occur inside records), without the
 * carriage return before it; empty lines are none.
 */
export function* frameLines({ text }: BodyText, maker: RecordMaker): Generator<RawRecord, void, undefined> {
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline;
    line++;
    const end = next > start && text.charCodeAt(next - 1) === CARRIAGE_RETURN ? next - 1 : next;
    if (end > start) yield maker.make(start, end, `line ${line}`);
    start = next + 1;
  }
}

export interface LinePlace {
  /** From 1. */
  readonly line: number;
  /** Of its first character. */
  readonly start: number;
}

/** The line a place is in, for places asked for in order. */
export function createLineFinder(text: string): (at: number) => LinePlace {
  let line = 1;
  let start = 0;
  let newline = text.indexOf('\n');
  return (at) => {
    while (newline >= 0 && newline < at) {
      line++;
      start = newline + 1;
      newline = text.indexOf('\n', start);
    }
    return { line, start };
  };
}
