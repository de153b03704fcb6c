/** The tags of an XML text, one after the other, without reading what is between them. */

export type XmlTag =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly isEmpty: boolean;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'close'; readonly name: string; readonly start: number; readonly end: number }
  /** A comment, a CDATA section, a processing instruction or declaration. */
  | { readonly kind: 'skipped'; readonly start: number; readonly end: number }
  | { readonly kind: 'doctype'; readonly start: number; readonly end: number };

const MAX_NAME = 256;
const SLASH = 47;
const QUOTE = 34;
const APOSTROPHE = 39;
const GREATER = 62;
const LESS = 60;

/** The next tag at or behind a place; undefined where there is none. What is not closed ends with the text. */
export function findTag(text: string, from: number): XmlTag | undefined {
  for (let start = text.indexOf('<', from); start >= 0; start = text.indexOf('<', start + 1)) {
    const tag = tagAt(text, start);
    if (tag !== undefined) return tag;
  }
  return undefined;
}

function tagAt(text: string, start: number): XmlTag | undefined {
  const next = text.charCodeAt(start + 1);
  if (next === 0x3f) return { kind: 'skipped', start, end: behind(text, '?>', start + 2) };
  if (next === 0x21) {
    if (text.startsWith('<!--', start))
      return { kind: 'skipped', start, end: behind(text, '-->', start + 4) };
    if (text.startsWith('<![CDATA[', start))
      return { kind: 'skipped', start, end: behind(text, ']]>', start + 9) };
    return { kind: 'doctype', start, end: behind(text, '>', start) };
  }
  const isClose = next === SLASH;
  const nameStart = isClose ? start + 2 : start + 1;
  const nameEnd = endOfName(text, nameStart);
  // `<` before a blank or the like is a character out of place, which the source's own parser will refuse.
  if (nameEnd === nameStart) return undefined;
  const name = text.slice(nameStart, nameEnd);
  const end = endOfTag(text, nameEnd);
  if (isClose) return { kind: 'close', name, start, end };
  return { kind: 'open', name, isEmpty: text.charCodeAt(end - 2) === SLASH, start, end };
}

function endOfName(text: string, start: number): number {
  let at = start;
  while (at < text.length && at - start < MAX_NAME) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === SLASH || code === GREATER || code === LESS || code === 61) break;
    at++;
  }
  return at;
}

/** Behind the `>` that is in no quotes; a `<` before it means that it is missing (XML 1.0 3.1). */
function endOfTag(text: string, start: number): number {
  let quote = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LESS) return at;
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === QUOTE || code === APOSTROPHE) quote = code;
    else if (code === GREATER) return at + 1;
  }
  return text.length;
}

function behind(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? text.length : at + end.length;
}
