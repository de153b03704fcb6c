/** The tokens of a filter, read from left to right. */
import { FilterFaultSignal } from './fault.ts';
import type { Token } from './tokenize.ts';

export interface TokenReader {
  peek(): Token;
  take(): Token;
  /** Keywords are words in any case. */
  isWord(keyword: string): boolean;
  takeWord(keyword: string): boolean;
  isSymbol(symbol: string): boolean;
  takeSymbol(symbol: string): boolean;
  /** Whether an operator of symbols follows the next token: then that one is a name, whatever it says. */
  isOperatorNext(): boolean;
  /** @throws FilterFaultSignal always, at the next token. */
  refuse(expected: string): never;
}

const OPERATORS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=', '^=', '~']);

export function isOperator(token: Token): boolean {
  return token.type === 'symbol' && OPERATORS.has(token.text);
}

export function createTokenReader(tokens: readonly Token[]): TokenReader {
  const end: Token = tokens.at(-1) ?? { type: 'end', text: '', start: 0 };
  let at = 0;
  const peek = (): Token => tokens[at] ?? end;
  const isWord = (keyword: string): boolean => {
    const token = peek();
    return token.type === 'word' && token.text.toLowerCase() === keyword;
  };
  const isSymbol = (symbol: string): boolean => peek().type === 'symbol' && peek().text === symbol;
  const takeIf = (wanted: boolean): boolean => {
    if (wanted) at++;
    return wanted;
  };
  return {
    peek,
    take() {
      const token = peek();
      at++;
      return token;
    },
    isWord,
    takeWord: (keyword) => takeIf(isWord(keyword)),
    isSymbol,
    takeSymbol: (symbol) => takeIf(isSymbol(symbol)),
    isOperatorNext: () => isOperator(tokens[at + 1] ?? end),
    refuse(expected) {
      const token = peek();
      const found = token.type === 'end' ? 'the filter ends here' : `here is ${show(token)}`;
      throw new FilterFaultSignal('FILTER_SYNTAX', token.start, `expected ${expected}; ${found}`);
    },
  };
}

const MAX_SHOWN = 40;

function show(token: Token): string {
  const kind =
    token.type === 'string'
      ? 'the text '
      : token.type === 'name'
        ? 'the name '
        : token.type === 'placeholder'
          ? 'the placeholder '
          : '';
  const text = token.text.length > MAX_SHOWN ? `${token.text.slice(0, MAX_SHOWN)}…` : token.text;
  return `${kind}${JSON.stringify(text.toWellFormed())}`;
}
