/** The tokens of a query string (Elasticsearch "query string syntax"). */
import { unusable } from './form.ts';

export type SearchToken =
  | { readonly kind: 'term' | 'phrase'; readonly text: string; readonly field: readonly string[] | undefined }
  /** Before a bracket: the field that the terms in it are asked of. */
  | { readonly kind: 'open'; readonly field: readonly string[] | undefined }
  | { readonly kind: 'close' | 'and' | 'or' | 'not' | 'must' };

const MAX_LENGTH = 1024;
const WORDS: ReadonlyMap<string, 'and' | 'or' | 'not'> = new Map([
  ['AND', 'and'],
  ['&&', 'and'],
  ['OR', 'or'],
  ['||', 'or'],
  ['NOT', 'not'],
  ['!', 'not'],
]);
/** Names joined by points, a colon behind them; `http://` is none. */
const FIELD = /^([A-Za-z_][\w-]{0,63}(?:\.[A-Za-z_][\w-]{0,63}){0,15}):(?!\/\/)/;

/** Throws QUERY_HERMES_PARAMETER_INVALID for what is not understood. */
export function searchTokens(text: string): readonly SearchToken[] {
  if (text.length > MAX_LENGTH) throw unusable(`search is longer than ${MAX_LENGTH} characters`);
  const tokens: SearchToken[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) at++;
    else if (char === ')') {
      tokens.push({ kind: 'close' });
      at++;
    } else if (char === '+' || char === '-' || (char === '!' && text.charAt(at + 1) !== '')) {
      tokens.push({ kind: char === '+' ? 'must' : 'not' });
      at++;
    } else {
      const found = FIELD.exec(text.slice(at, at + MAX_LENGTH));
      const [prefix = '', name] = found ?? [];
      at += prefix.length;
      const { end, token } = operand(text, at, name?.split('.'));
      tokens.push(token);
      at = end;
    }
  }
  return tokens;
}

function operand(
  text: string,
  start: number,
  field: readonly string[] | undefined,
): { readonly end: number; readonly token: SearchToken } {
  const first = text.charAt(start);
  if (first === '(') return { end: start + 1, token: { kind: 'open', field } };
  if (first === '[' || first === '{' || first === '>' || first === '<')
    throw unusable('search has a range: ask for times by the parameter time');
  let value = '';
  if (first === '"') {
    let at = start + 1;
    for (; at < text.length && text.charAt(at) !== '"'; at++) {
      if (text.charAt(at) === '\\') at++;
      value += text.charAt(at);
    }
    if (at >= text.length) throw unusable('search opens a phrase by " and never closes it');
    return { end: at + 1, token: { kind: 'phrase', text: value, field } };
  }
  let at = start;
  let wild = false;
  for (; at < text.length && !/[\s()"]/.test(text.charAt(at)); at++) {
    const char = text.charAt(at);
    if (char === '\\') value += text.charAt(++at);
    else {
      wild ||= char === '*' || char === '~';
      value += char;
    }
  }
  if (field === undefined) {
    const word = WORDS.get(value);
    if (word !== undefined) return { end: at, token: { kind: word } };
  }
  if (wild && value !== '*')
    throw unusable(
      `search has ${value.slice(0, 40)}: wildcards and likeness are not looked for, whole words are`,
    );
  return { end: at, token: { kind: 'term', text: value, field } };
}
