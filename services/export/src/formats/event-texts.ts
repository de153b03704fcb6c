/** Events as the texts that were accepted, byte for byte, put together without parsing. */
import type { TailEvent } from '@cadf-pipeline/event-tail';

type Text = Pick<TailEvent, 'text'>;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = 0x20;

/** A JSON array. */
export function toJsonArray(events: readonly Text[]): Buffer {
  return joined(
    events.map(({ text }) => text),
    '[',
    ',',
    ']',
  );
}

/** One event in each line, a line feed after each. */
export function toNdjson(events: readonly Text[]): Buffer {
  return joined(
    events.map(({ text }) => onOneLine(text)),
    '',
    '\n',
    '\n',
  );
}

/** With `before` in front, `between` them and `behind` at the end; all of it ASCII. */
export function joined(texts: readonly Buffer[], before: string, between: string, behind: string): Buffer {
  const size = texts.reduce((sum, text) => sum + text.length + between.length, before.length + behind.length);
  const all = Buffer.allocUnsafe(size);
  let at = all.write(before, 0, 'latin1');
  for (const [index, text] of texts.entries()) {
    if (index > 0) at += all.write(between, at, 'latin1');
    at += text.copy(all, at);
  }
  at += all.write(behind, at, 'latin1');
  return all.subarray(0, at);
}

/** A line break in JSON can only stand between tokens, where a blank means the same. */
function onOneLine(text: Buffer): Buffer {
  if (!text.includes(LINE_FEED) && !text.includes(CARRIAGE_RETURN)) return text;
  return Buffer.from(text.map((byte) => (byte === LINE_FEED || byte === CARRIAGE_RETURN ? BLANK : byte)));
}
