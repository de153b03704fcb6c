/** Cuts a filter's text into tokens, each character looked at once. */
import { FilterFaultSignal } from './fault.ts';

/**
 * - `word`: a bare name or keyword;
 * - `name`: a name in backquotes, never a keyword;
 * - `string`: text in single or double quotes, the quote inside written twice;
 * - `bare`: starts with a digit: a number, a date or a time;
 * - `placeholder`: a colon and a name, the name alone being its text;
 * - `symbol`: an operator or punctuation;
 * - `end`: behind the last.
 */
export interface Token {
  readonly type: 'word' | 'name' | 'string' | 'bare' | 'placeholder' | 'symbol' | 'end';
  /** The content, unquoted. */
  readonly text: string;
  /** Index of the first character in the filter's text. */
  readonly start: number;
}

const SINGLE_SYMBOLS = '()[],/.=<>~';
const DOUBLE_SYMBOLS: ReadonlySet<string> = new Set(['!=', '<=', '>=', '^=']);
const MEANT: ReadonlyMap<string, string> = new Map([
  ['==', '='],
  ['<>', '!='],
  ['=~', '~'],
  ['&&', 'and'],
  ['||', 'or'],
]);

/** @throws FilterFaultSignal for an open quote or a character that starts nothing. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (isBlank(char)) {
      at++;
      continue;
    }
    const start = at;
    if (char === "'" || char === '"' || char === '`') {
      const quoted = readQuoted(text, start, char);
      tokens.push({ type: char === '`' ? 'name' : 'string', text: quoted.content, start });
      at = quoted.end;
    } else if (isDigit(char) || (char === '-' && isDigit(text.charAt(at + 1)))) {
      at++;
      while (at < text.length && isBareCharacter(text.charAt(at))) at++;
      tokens.push({ type: 'bare', text: text.slice(start, at), start });
    } else if (isWordStart(char)) {
      at++;
      while (at < text.length && isWordPart(text.charAt(at))) at++;
      tokens.push({ type: 'word', text: text.slice(start, at), start });
    } else if (char === ':' && isPlaceholderStart(text.charAt(at + 1))) {
      at += 2;
      while (at < text.length && isPlaceholderPart(text.charAt(at))) at++;
      tokens.push({ type: 'placeholder', text: text.slice(start + 1, at), start });
    } else {
      const symbol = readSymbol(text, start);
      tokens.push({ type: 'symbol', text: symbol, start });
      at += symbol.length;
    }
  }
  tokens.push({ type: 'end', text: '', start: text.length });
  return tokens;
}

/** Whether a name can be written without backquotes, keywords apart. */
export function isPlainWord(name: string): boolean {
  if (name === '' || !isWordStart(name.charAt(0))) return false;
  for (let at = 1; at < name.length; at++) if (!isWordPart(name.charAt(at))) return false;
  return true;
}

function readQuoted(text: string, start: number, quote: string): { content: string; end: number } {
  let content = '';
  let from = start + 1;
  for (;;) {
    const close = text.indexOf(quote, from);
    if (close < 0) throw new FilterFaultSignal('FILTER_SYNTAX', start, `this ${quote} is never closed`);
    content += text.slice(from, close);
    if (text.charAt(close + 1) !== quote) return { content, end: close + 1 };
    content += quote;
    from = close + 2;
  }
}

function readSymbol(text: string, at: number): string {
  const pair = text.slice(at, at + 2);
  const meant = MEANT.get(pair);
  if (meant !== undefined)
    throw new FilterFaultSignal('FILTER_SYNTAX', at, `${pair} is no operator here: write ${meant}`, meant);
  if (DOUBLE_SYMBOLS.has(pair)) return pair;
  const char = text.charAt(at);
  if (SINGLE_SYMBOLS.includes(char)) return char;
  const shown = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw new FilterFaultSignal(
    'FILTER_SYNTAX',
    at,
    `${JSON.stringify(shown)} starts nothing a filter knows: text goes in quotes, an odd name in backquotes`,
  );
}

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

function isLetter(char: string): boolean {
  return (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z');
}

function isWordStart(char: string): boolean {
  return isLetter(char) || char === '_' || char === '$' || char === '@';
}

function isWordPart(char: string): boolean {
  return isWordStart(char) || isDigit(char) || char === '-';
}

function isPlaceholderStart(char: string): boolean {
  return isLetter(char) || char === '_';
}

function isPlaceholderPart(char: string): boolean {
  return isPlaceholderStart(char) || isDigit(char);
}

function isBareCharacter(char: string): boolean {
  return isDigit(char) || isLetter(char) || char === ':' || char === '.' || char === '+' || char === '-';
}
