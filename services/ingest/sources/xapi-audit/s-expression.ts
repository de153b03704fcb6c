/**
 * The s-expressions of XAPI's audit trail, and the two ways of escaping that lie over each other (xen-api: `sExpr.ml`,
 * `debug.ml`): atoms stand in single quotes with `\`, `'` and `"` escaped by a backslash; then the whole message is
 * escaped for syslog, backslashes again and bytes that are not printable ASCII as `\xHH`. A record forwarded to the
 * coordinator may have been escaped for syslog twice, one cut out of the pipeline before syslog not at all.
 */

export type SExpression = string | readonly SExpression[];

const MAX_DEPTH = 16;
const MAX_NODES = 4096;
/** Runs of escaped bytes are UTF-8 together. */
const SYSLOG_ESCAPES = /(?:\\x[0-9A-Fa-f]{2})+|\\\\|\\/g;

/**
 * Reads one s-expression. How often the text was escaped for syslog is not written anywhere: the most often that leaves
 * only escapes that the writer makes is taken (a name with a lone backslash reads wrong once more often). Undefined
 * where it breaks off, or is none.
 */
export function readSExpression(text: string): SExpression | undefined {
  if (!text.includes('\\')) return parse(text, false);
  const once = unescapeSyslog(text, false);
  const twice = once === undefined ? undefined : unescapeSyslog(once, false);
  for (const candidate of [twice, once, text]) {
    const read = candidate === undefined || !hasOnlyEscapes(candidate) ? undefined : parse(candidate, false);
    if (read !== undefined) return read;
  }
  return parse(unescapeSyslog(text, true) ?? text, true) ?? parse(text, true);
}

/** Whether each backslash stands before what it escapes in an atom: tells without reading what would not be read. */
function hasOnlyEscapes(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
    if (!isEscapable(text.charCodeAt(at + 1))) return false;
  }
  return true;
}

function isEscapable(code: number): boolean {
  return code === 0x5c || code === 0x27 || code === 0x22;
}

/** Undefined where a backslash stands before anything but what syslog's escaping writes, unless `lenient`. */
function unescapeSyslog(text: string, lenient: boolean): string | undefined {
  let isOdd = false;
  const plain = text.replaceAll(SYSLOG_ESCAPES, (found) => {
    if (found === '\\\\') return '\\';
    if (found.length > 1) return Buffer.from(found.replaceAll('\\x', ''), 'hex').toString('utf8');
    isOdd = true;
    return found;
  });
  return isOdd && !lenient ? undefined : plain;
}

/** `lenient`: a backslash before anything but a quote or another one stands for itself. */
function parse(text: string, lenient: boolean): SExpression | undefined {
  const open: SExpression[][] = [];
  let nodes = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x09) {
      at += 1;
      continue;
    }
    if ((nodes += 1) > MAX_NODES) return undefined;
    if (code === 0x28) {
      if (open.length === MAX_DEPTH) return undefined;
      open.push([]);
      at += 1;
      continue;
    }
    const inner = open.at(-1);
    if (inner === undefined) return undefined;
    if (code === 0x29) {
      open.pop();
      const outer = open.at(-1);
      if (outer === undefined) return inner;
      outer.push(inner);
      at += 1;
      continue;
    }
    const atom = code === 0x27 || code === 0x22 ? readQuoted(text, at, code, lenient) : readSymbol(text, at);
    if (atom === undefined) return undefined;
    inner.push(atom.value);
    at = atom.end;
  }
  return undefined;
}

interface Atom {
  readonly value: string;
  readonly end: number;
}

function readQuoted(text: string, start: number, quote: number, lenient: boolean): Atom | undefined {
  const mark = quote === 0x27 ? "'" : '"';
  let close = text.indexOf(mark, start + 1);
  if (close < 0) return undefined;
  let from = start + 1;
  const whole = text.slice(from, close);
  // Nearly all atoms hold no escape.
  let escape = whole.indexOf('\\');
  if (escape < 0) return isDelimiter(text, close + 1) ? { value: whole, end: close + 1 } : undefined;
  escape += from;
  const pieces: string[] = [];
  while (escape >= 0 && escape < close) {
    const next = text.charCodeAt(escape + 1);
    if (isEscapable(next)) {
      pieces.push(text.slice(from, escape));
      from = escape + 1;
      if (close === from) close = text.indexOf(mark, close + 1);
    } else if (!lenient) return undefined;
    if (close < 0) return undefined;
    escape = text.indexOf('\\', isEscapable(next) ? escape + 2 : escape + 1);
  }
  if (!isDelimiter(text, close + 1)) return undefined;
  return { value: pieces.join('') + text.slice(from, close), end: close + 1 };
}

/** A quote that closes is followed by a blank or a parenthesis; else it was one inside a name. */
function isDelimiter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return Number.isNaN(code) || code === 0x20 || code === 0x28 || code === 0x29;
}

function readSymbol(text: string, start: number): Atom {
  let end = start + 1;
  while (end < text.length && !isDelimiter(text, end)) end++;
  return { value: text.slice(start, end), end };
}
