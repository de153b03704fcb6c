/**
 * A strict, linear scan of one JSON object text (RFC 8259) onto a reusable tape of tokens. It accepts exactly what
 * `JSON.parse` accepts, within the tape's bounds, and decodes nothing: a token is a kind and two offsets.
 */

export const TokenKind = {
  openObject: 1,
  openArray: 2,
  close: 3,
  key: 4,
  string: 5,
  number: 6,
  /** true, false, null. */
  word: 7,
} as const;

export interface JsonTape {
  /** Tokens on the tape after a successful scan. */
  count: number;
  readonly kinds: Uint8Array;
  /** For keys and strings the offset after the opening quote, else of the first character. */
  readonly starts: Int32Array;
  /** For keys and strings the offset of the closing quote, else after the last character. */
  readonly ends: Int32Array;
}

/** The deepest nesting a scan follows; the object itself is 1. */
export const MAX_DEPTH = 64;

export function createJsonTape(maxTokens: number): JsonTape {
  return {
    count: 0,
    kinds: new Uint8Array(maxTokens),
    starts: new Int32Array(maxTokens),
    ends: new Int32Array(maxTokens),
  };
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;

const VALUE = 0;
const FIRST_ELEMENT = 1;
const KEY = 2;
const FIRST_KEY = 3;
const AFTER_VALUE = 4;

/** Whether `text` is one JSON object within the bounds; if so the tape holds its tokens. */
export function scanJsonObject(text: string, tape: JsonTape): boolean {
  const { kinds, starts, ends } = tape;
  const maxTokens = kinds.length;
  let count = 0;
  let depth = 0;
  // Bit i % 32 of word i >> 5 is set while the container at depth i is an object.
  const objects = [0, 0, 0];
  let state = VALUE;
  let position = 0;
  for (;;) {
    let code = text.charCodeAt(position);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09)
      code = text.charCodeAt(++position);
    if (state === AFTER_VALUE) {
      if (depth === 0) {
        tape.count = count;
        return position === text.length;
      }
      const inObject = (((objects[depth >> 5] ?? 0) >>> (depth & 31)) & 1) === 1;
      if (code === 0x2c /* , */) {
        state = inObject ? KEY : VALUE;
        position++;
        continue;
      }
      if (code !== (inObject ? 0x7d : 0x5d)) return false;
    }
    if (count === maxTokens) return false;
    if (code === 0x22 /* " */) {
      const end = endOfString(text, position + 1);
      if (end < 0) return false;
      starts[count] = position + 1;
      ends[count] = end;
      position = end + 1;
      if (state === KEY || state === FIRST_KEY) {
        kinds[count++] = TokenKind.key;
        code = text.charCodeAt(position);
        while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09)
          code = text.charCodeAt(++position);
        if (code !== 0x3a /* : */) return false;
        position++;
        state = VALUE;
      } else {
        if (depth === 0) return false;
        kinds[count++] = TokenKind.string;
        state = AFTER_VALUE;
      }
      continue;
    }
    starts[count] = position;
    if (code === 0x7d || code === 0x5d) {
      const empty = code === 0x7d ? state === FIRST_KEY : state === FIRST_ELEMENT;
      if (state !== AFTER_VALUE && !empty) return false;
      ends[count] = ++position;
      kinds[count++] = TokenKind.close;
      depth--;
      state = AFTER_VALUE;
      continue;
    }
    if (state === KEY || state === FIRST_KEY) return false;
    if (code === 0x7b || code === 0x5b) {
      const isObject = code === 0x7b;
      if ((depth === 0 && !isObject) || ++depth > MAX_DEPTH) return false;
      const bit = 1 << (depth & 31);
      const word = objects[depth >> 5] ?? 0;
      objects[depth >> 5] = isObject ? word | bit : word & ~bit;
      ends[count] = ++position;
      kinds[count++] = isObject ? TokenKind.openObject : TokenKind.openArray;
      state = isObject ? FIRST_KEY : FIRST_ELEMENT;
      continue;
    }
    if (depth === 0) return false;
    const isNumber = code === 0x2d || (code >= 0x30 && code <= 0x39);
    const pattern = isNumber ? NUMBER : WORD;
    pattern.lastIndex = position;
    if (!pattern.test(text)) return false;
    position = pattern.lastIndex;
    ends[count] = position;
    kinds[count++] = isNumber ? TokenKind.number : TokenKind.word;
    state = AFTER_VALUE;
  }
}

/** The offset of the quote that closes the string whose content starts at `position`, or -1. */
function endOfString(text: string, position: number): number {
  for (;;) {
    const code = text.charCodeAt(position);
    if (code === 0x22) return position;
    if (code === 0x5c /* \ */) {
      const escaped = text.charCodeAt(position + 1);
      if (escaped === 0x75 /* u */) {
        for (let i = 2; i < 6; i++) if (!isHexDigit(text.charCodeAt(position + i))) return -1;
        position += 6;
      } else if (isSimpleEscape(escaped)) position += 2;
      else return -1;
    } else if (code >= 0x20) position++;
    // Control characters, and NaN past the end.
    else return -1;
  }
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** One of `"\/bfnrt`. */
function isSimpleEscape(code: number): boolean {
  switch (code) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    default:
      return false;
  }
}
