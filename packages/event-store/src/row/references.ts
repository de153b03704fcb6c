/**
 * References inside stored texts: U+001E and a code (a control character, 1 to 28) stand for a column of the same row.
 * JSON allows no raw control character in a string, so neither they nor the separator U+001F can be in a value as it
 * was written, and no column's value can match half a reference.
 */

export const SEPARATOR = '\x1f';
const MARK = '\x1e';
const LITERAL = '\x1d';
/** The mark itself, for texts that are not raw JSON (decoded escapes). */
const LITERAL_MARK = MARK + LITERAL;

const REFERENCES = Array.from({ length: 29 }, (_, code) => MARK + String.fromCharCode(code));

export function reference(code: number): string {
  return REFERENCES[code] ?? '';
}

/** Shorter column values are not looked for inside others: a reference would save little. */
export const MIN_EMBEDDED_LENGTH = 8;

/** Replaces each `part` in `text` by a reference. `part` holds no control characters; `text` is raw or went through `escapeMarks`. */
export function referTo(text: string, part: string, code: number): string {
  let at = text.indexOf(part);
  if (at < 0) return text;
  let result = '';
  let from = 0;
  do {
    result += text.slice(from, at) + reference(code);
    from = at + part.length;
    at = text.indexOf(part, from);
  } while (at >= 0);
  return result + text.slice(from);
}

export function escapeMarks(text: string): string {
  return text.includes(MARK) ? text.replaceAll(MARK, LITERAL_MARK) : text;
}

/** Puts the columns' values back. */
export function resolveReferences(text: string, valueOf: (code: number) => string): string {
  const first = text.indexOf(MARK);
  if (first < 0) return text;
  if (text.length === 2) return valueOf(text.charCodeAt(1));
  let resolved = '';
  let from = 0;
  for (let at = first; at >= 0; at = text.indexOf(MARK, from)) {
    const code = text.charCodeAt(at + 1);
    resolved += text.slice(from, at) + (code === 0x1d ? MARK : valueOf(code));
    from = at + 2;
  }
  return resolved + text.slice(from);
}
