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
    const read = candidate === undefined ? undefined : parse(candidate, false);
    if (read !== undefined) return read;
  }
  return parse(unescapeSyslog(text, true) ?? text, true) ?? parse(text, true);
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
  const pieces: string[] = [];
  let from = start + 1;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const last = text.slice(from, at);
      if (!isDelimiter(text, at + 1)) return undefined;
      return { value: pieces.length === 0 ? last : pieces.join('') + last, end: at + 1 };
    }
    if (code !== 0x5c) continue;
    const next = text.charCodeAt(at + 1);
    if (next === 0x5c || next === 0x27 || next === 0x22) {
      pieces.push(text.slice(from, at));
      from = at + 1;
      at += 1;
    } else if (!lenient) return undefined;
  }
  return undefined;
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
