/**
 * Where JSON values stand in a text that may be damaged: one after the other, whatever blanks are between them. Looks
 * at the structure only (numbers and words are not read), so it costs less than parsing; a value it finds may still be
 * refused by JSON.parse.
 */

export type ValueEnd =
  | { readonly end: number }
  /** Where it goes wrong: not closed, a line end inside a string, a bracket or comma out of place. */
  | { readonly brokenAt: number }
  /** Nested deeper than the bound; where that is seen. */
  | { readonly tooDeepAt: number };

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** What may come next. */
const VALUE = 0;
const VALUE_OR_CLOSE = 1;
const NAME = 2;
const NAME_OR_CLOSE = 3;
const AFTER_NAME = 4;
const AFTER_VALUE = 5;

/** The end of the value that begins at `start` (no blank there). Linear in what it looks at. */
export function findValueEnd(text: string, start: number, maxDepth: number): ValueEnd {
  const isObject: boolean[] = [];
  let expected = VALUE;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) {
      at++;
      continue;
    }
    if (code === QUOTE) {
      if (expected === AFTER_NAME || expected === AFTER_VALUE) return { brokenAt: at };
      const end = stringEnd(text, at);
      if (end < 0) return { brokenAt: at };
      at = end;
      expected = expected === NAME || expected === NAME_OR_CLOSE ? AFTER_NAME : AFTER_VALUE;
    } else if (code === COLON) {
      if (expected !== AFTER_NAME) return { brokenAt: at };
      expected = VALUE;
      at++;
    } else if (code === COMMA) {
      if (expected !== AFTER_VALUE) return { brokenAt: at };
      expected = isObject.at(-1) === true ? NAME : VALUE;
      at++;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      const inObject = isObject.pop();
      const mayClose =
        expected === AFTER_VALUE || expected === (inObject === true ? NAME_OR_CLOSE : VALUE_OR_CLOSE);
      if (inObject !== (code === CLOSE_BRACE) || !mayClose) return { brokenAt: at };
      expected = AFTER_VALUE;
      at++;
    } else if (expected !== VALUE && expected !== VALUE_OR_CLOSE) {
      return { brokenAt: at };
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (isObject.length >= maxDepth) return { tooDeepAt: at };
      isObject.push(code === OPEN_BRACE);
      expected = code === OPEN_BRACE ? NAME_OR_CLOSE : VALUE_OR_CLOSE;
      at++;
    } else {
      const end = wordEnd(text, at);
      if (end === at) return { brokenAt: at };
      expected = AFTER_VALUE;
      at = end;
    }
    if (isObject.length === 0) return { end: at };
  }
  return { brokenAt: at };
}

/** Behind the closing quote; -1 where there is none in the same line: a string holds no line end (RFC 8259 7). */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    // NaN behind the end.
    if (!(code >= 32)) return -1;
    at += code === BACKSLASH ? 2 : 1;
  }
}

/** Behind a number, `true`, `false` or `null`, or what stands in their place. */
function wordEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    const isWord =
      (code >= 48 && code <= 57) ||
      (code >= 97 && code <= 122) ||
      (code >= 65 && code <= 90) ||
      code === 45 ||
      code === 43 ||
      code === 46;
    if (!isWord) return at;
    at++;
  }
}

/** Blanks of JSON. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

export function skipBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}
