/** The words of a statement. Comments and blanks end here; what stays is printed anew, never copied. */
import { positionAt, SqlFault } from './sql-fault.ts';
import type { SqlFaultKind } from './sql-fault.ts';

export interface Token {
  /** `name`: in backquotes or double quotes. */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'symbol' | 'end';
  /** Upper case for words; the value of texts and names. */
  readonly key: string;
  /** As written; for texts and names their value. */
  readonly value: string;
  readonly offset: number;
}

const MAX_TOKENS = 10_000;
const MAX_NAME = 128;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0x[0-9a-fA-F]{1,64}(?![\w.])|\d{1,80}(?:\.\d{0,80})?(?:[eE][+-]?\d{1,4})?(?!\w)/y;
const SYMBOLS = [
  '<=>', '->', '::', '==', '!=', '<>', '<=', '>=', '||',
  '(', ')', '[', ']', '{', '}', ',', '.', ';', ':', '+', '-', '*', '/', '%', '=', '<', '>', '?',
]; // prettier-ignore
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07', '0': '\0',
  '\\': '\\', "'": "'", '"': '"', '`': '`', '/': '/', '=': '=',
}; // prettier-ignore
// oxlint-disable-next-line no-control-regex -- control characters are what a name must not have
const NO_NAME = /[\x00-\x1f\x7f\\`"]/;

/** Throws SqlFault. The last token is the end. */
export function readTokens(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;

  function fault(message: string, offset = at, kind: SqlFaultKind = 'invalid'): SqlFault {
    return new SqlFault(kind, message, positionAt(sql, offset));
  }

  function add(kind: Token['kind'], value: string, end: number): void {
    tokens.push({ kind, value, key: kind === 'word' ? value.toUpperCase() : value, offset: at });
    if (tokens.length > MAX_TOKENS) throw fault(`The statement has more than ${MAX_TOKENS} words and signs.`);
    at = end;
  }

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0];
  }

  /** From the sign that opens it; a doubled sign is one of it. Answers the value and where it ends. */
  function quoted(sign: string): { readonly value: string; readonly end: number } {
    let value = '';
    let next = at + 1;
    for (;;) {
      if (next >= sql.length) throw fault(`What ${sign} opens here is not closed.`);
      const char = sql.charAt(next);
      if (char === sign) {
        if (sql.charAt(next + 1) !== sign) return { value, end: next + 1 };
        value += sign;
        next += 2;
      } else if (char === '\\') {
        const escaped = sql.charAt(next + 1);
        if (escaped === 'x' || escaped === 'N')
          throw fault('Write the character itself: \\x and \\N are not offered.', next);
        // As the engine: of an escape it does not know, the backslash stays.
        value += ESCAPES[escaped] ?? `\\${escaped}`;
        next += 2;
      } else {
        value += char;
        next += 1;
      }
    }
  }

  while (at < sql.length) {
    const char = sql.charAt(at);
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') {
      at += 1;
    } else if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length : end;
    } else if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2);
      if (end < 0) throw fault('The comment that opens here is not closed.');
      at = end + 2;
    } else if (char === "'") {
      const { end, value } = quoted(char);
      add('text', value, end);
    } else if (char === '`' || char === '"') {
      const { end, value } = quoted(char);
      if (value === '' || value.length > MAX_NAME || NO_NAME.test(value))
        throw fault(
          `A name has 1 to ${MAX_NAME} characters, without quotes, backslash and control characters.`,
        );
      add('name', value, end);
    } else {
      const word = match(WORD);
      const number = word === undefined ? match(NUMBER) : undefined;
      const symbol = SYMBOLS.find((each) => sql.startsWith(each, at));
      if (word !== undefined && word.length <= MAX_NAME) add('word', word, at + word.length);
      else if (number !== undefined) add('number', number, at + number.length);
      else if (symbol !== undefined && word === undefined) add('symbol', symbol, at + symbol.length);
      else throw fault(`Nothing that can stand here begins with ${JSON.stringify(char)}.`);
    }
  }
  add('end', 'the end', at);
  return tokens;
}
