/**
 * Where a value stands in a JSON text that JSON.parse has already accepted. An event taken out of an array or an
 * envelope is kept as its own characters, byte for byte, so its place has to be known, not only its value.
 */

/** Half-open range of characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Spans of the elements of the array that starts at `start` (after blanks). */
export function elementSpans(text: string, start: number): Span[] {
  const spans: Span[] = [];
  let at = skipBlanks(text, skipBlanks(text, start) + 1);
  while (text[at] !== ']') {
    const end = endOfValue(text, at);
    spans.push({ start: at, end });
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return spans;
}

/**
 * What was found before in a text, by where the array or object starts: finding all events of a body stays linear,
 * however much stands beside them.
 */
export interface KnownPlaces {
  readonly arrays: Map<number, readonly Span[]>;
  /** Start of each member's value. */
  readonly objects: Map<number, ReadonlyMap<string, number>>;
}

export function createKnownPlaces(): KnownPlaces {
  return { arrays: new Map(), objects: new Map() };
}

/** Span of the value at a path of member names and array indexes; undefined where the path leads nowhere. Of members with one name the last counts, as in JSON.parse. */
export function valueSpan(
  text: string,
  path: readonly string[],
  known: KnownPlaces = createKnownPlaces(),
): Span | undefined {
  let at = skipBlanks(text, 0);
  for (const segment of path) {
    const found =
      text[at] === '['
        ? elementsAt(text, at, known)[Number(segment)]?.start
        : membersAt(text, at, known).get(segment);
    if (found === undefined) return undefined;
    at = found;
  }
  return { start: at, end: endOfValue(text, at) };
}

function elementsAt(text: string, start: number, { arrays }: KnownPlaces): readonly Span[] {
  const before = arrays.get(start);
  if (before !== undefined) return before;
  const spans = elementSpans(text, start);
  arrays.set(start, spans);
  return spans;
}

/** Of no object: no members. Of members with one name the last one is kept. */
function membersAt(text: string, start: number, { objects }: KnownPlaces): ReadonlyMap<string, number> {
  const before = objects.get(start);
  if (before !== undefined) return before;
  const members = new Map<string, number>();
  objects.set(start, members);
  if (text[start] !== '{') return members;
  let at = skipBlanks(text, start + 1);
  while (text[at] !== '}') {
    const nameEnd = endOfValue(text, at);
    const value = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    const name: unknown = JSON.parse(text.slice(at, nameEnd));
    if (typeof name === 'string') members.set(name, value);
    at = skipBlanks(text, endOfValue(text, value));
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return members;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
    at++;
  }
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first !== 123 && first !== 91) return endOfToken(text, start);
  let depth = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    // { and [ are 123 and 91, } and ] are 125 and 93
    if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) depth--;
    at++;
  } while (depth > 0);
  return at;
}

function endOfString(text: string, start: number): number {
  let close = text.indexOf('"', start + 1);
  while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
  return close + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1;
  while (text.charCodeAt(at) === BACKSLASH) at--;
  return (quote - 1 - at) % 2 === 1;
}

function endOfToken(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',}] \n\r\t'.includes(text.charAt(at))) at++;
  return at;
}
