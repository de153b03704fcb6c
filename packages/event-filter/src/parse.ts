/** Filter text to syntax tree: recursive descent over the tokens, one token of lookahead, linear time. */
import { FilterFaultSignal, toFilterFault } from './fault.ts';
import type { FilterFault } from './fault.ts';
import { maxFilterBytes, maxFilterDepth } from './filter.ts';
import type { Filter } from './filter.ts';
import { parseTest } from './parse-test.ts';
import { createTokenReader } from './token-reader.ts';
import type { TokenReader } from './token-reader.ts';
import { tokenize } from './tokenize.ts';

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly fault: FilterFault };

/** Reads a filter (the grammar is in this package's README). Never throws: a filter that is none is an outcome. */
export function parseFilter(text: string): ParsedFilter {
  try {
    checkText(text);
    const tokens = createTokenReader(tokenize(text));
    const filter = parseOr(tokens, 0);
    if (tokens.peek().type !== 'end') tokens.refuse("'and', 'or' or the end of the filter");
    return { ok: true, filter };
  } catch (error) {
    if (!(error instanceof FilterFaultSignal)) throw error;
    return { ok: false, fault: toFilterFault(text, error) };
  }
}

function checkText(text: string): void {
  const bytes = text.length > maxFilterBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes > maxFilterBytes) {
    const message = `the filter is longer than ${maxFilterBytes} bytes; ask for less at once, or save it in parts`;
    throw new FilterFaultSignal('FILTER_TOO_LONG', Math.min(text.length, maxFilterBytes), message);
  }
  if (!text.isWellFormed())
    throw new FilterFaultSignal(
      'FILTER_SYNTAX',
      0,
      'the filter holds half a surrogate pair: it is no Unicode text',
    );
}

function parseOr(tokens: TokenReader, depth: number): Filter {
  return parseChain(tokens, 'or', () => parseChain(tokens, 'and', () => parseTerm(tokens, depth)));
}

function parseChain(tokens: TokenReader, kind: 'and' | 'or', parseOne: () => Filter): Filter {
  const first = parseOne();
  if (!tokens.isWord(kind)) return first;
  const terms = [first];
  while (tokens.takeWord(kind)) terms.push(parseOne());
  return { kind, terms };
}

function parseTerm(tokens: TokenReader, depth: number): Filter {
  const start = tokens.peek();
  const negated = tokens.isWord('not') && !tokens.isOperatorNext();
  const bracket = tokens.isSymbol('(');
  if (!negated && !bracket) return parseTest(tokens);
  if (depth >= maxFilterDepth) {
    const message = `more than ${maxFilterDepth} brackets and 'not' around each other`;
    throw new FilterFaultSignal('FILTER_TOO_DEEP', start.start, message);
  }
  tokens.take();
  if (negated) return { kind: 'not', term: parseTerm(tokens, depth + 1) };
  const inner = parseOr(tokens, depth + 1);
  if (!tokens.takeSymbol(')')) tokens.refuse("'and', 'or' or the closing ')'");
  return inner;
}
