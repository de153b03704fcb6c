/** Filter text to syntax tree: recursive descent over the tokens, one token of lookahead, linear time. */
import { bindFilter } from './bind-filter.ts';
import type { ParsedFilter } from './bind-filter.ts';
import { FilterFaultSignal, toFilterFault } from './fault.ts';
import type { FilterFault } from './fault.ts';
import { maxFilterBytes, maxFilterDepth } from './filter.ts';
import type { Filter, FilterTemplate, Placeholder } from './filter.ts';
import { parseTest } from './parse-test.ts';
import { createTokenReader } from './token-reader.ts';
import { maxPlanningCost, planningCost, TOO_DEAR } from './planning-cost.ts';
import type { TokenReader } from './token-reader.ts';
import { tokenize } from './tokenize.ts';

export type ParsedTemplate =
  | { readonly ok: true; readonly template: FilterTemplate }
  | { readonly ok: false; readonly fault: FilterFault };

/**
 * Reads a filter (the grammar is in this package's README). Never throws: a filter that is none is an outcome, and one
 * with a placeholder is none.
 */
export function parseFilter(text: string): ParsedFilter {
  const parsed = parseTemplate(text);
  return parsed.ok ? bindFilter(parsed.template, new Map()) : parsed;
}

/** Reads a filter in which `:name` may stand for values. Never throws. */
export function parseTemplate(text: string): ParsedTemplate {
  try {
    checkText(text);
    const tokens = createTokenReader(tokenize(text));
    const filter = parseOr(tokens, { cost: 0 }, 0);
    if (tokens.peek().type !== 'end') tokens.refuse("'and', 'or' or the end of the filter");
    return { ok: true, template: { text, filter } };
  } catch (error) {
    if (!(error instanceof FilterFaultSignal)) throw error;
    return { ok: false, fault: toFilterFault(text, error) };
  }
}

function checkText(text: string): void {
  const bytes = text.length > maxFilterBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes > maxFilterBytes) {
    const message = `the filter is longer than ${maxFilterBytes} bytes; ask it in several parts`;
    throw new FilterFaultSignal('FILTER_TOO_LONG', Math.min(text.length, maxFilterBytes), message);
  }
  if (!text.isWellFormed())
    throw new FilterFaultSignal(
      'FILTER_SYNTAX',
      0,
      'the filter holds half a surrogate pair: it is no Unicode text',
    );
}

/** What the tests so far cost together. */
interface Spent {
  cost: number;
}

function parseOr(tokens: TokenReader, spent: Spent, depth: number): Filter<Placeholder> {
  return parseChain(tokens, 'or', () => parseChain(tokens, 'and', () => parseTerm(tokens, spent, depth)));
}

function parseChain(
  tokens: TokenReader,
  kind: 'and' | 'or',
  parseOne: () => Filter<Placeholder>,
): Filter<Placeholder> {
  const first = parseOne();
  if (!tokens.isWord(kind)) return first;
  const terms = [first];
  while (tokens.takeWord(kind)) terms.push(parseOne());
  return { kind, terms };
}

function parseTerm(tokens: TokenReader, spent: Spent, depth: number): Filter<Placeholder> {
  const start = tokens.peek();
  const negated = tokens.isWord('not') && !tokens.isOperatorNext();
  const bracket = tokens.isSymbol('(');
  if (!negated && !bracket) {
    const test = parseTest(tokens);
    spent.cost += planningCost(test);
    if (spent.cost > maxPlanningCost) throw new FilterFaultSignal('FILTER_TOO_DEAR', start.start, TOO_DEAR);
    return test;
  }
  if (depth >= maxFilterDepth) {
    const message = `more than ${maxFilterDepth} brackets and 'not' around each other`;
    throw new FilterFaultSignal('FILTER_TOO_DEEP', start.start, message);
  }
  tokens.take();
  if (negated) return { kind: 'not', term: parseTerm(tokens, spent, depth + 1) };
  const inner = parseOr(tokens, spent, depth + 1);
  if (!tokens.takeSymbol(')')) tokens.refuse("'and', 'or' or the closing ')'");
  return inner;
}
