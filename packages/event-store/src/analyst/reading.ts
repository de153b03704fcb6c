/** What the parts of the reader share: the place in the tokens, what was seen so far, the bounds. */
import { positionAt, SqlFault } from './sql-fault.ts';
import type { SqlFaultKind } from './sql-fault.ts';
import type { Token } from './tokens.ts';

/** Expressions and queries inside each other. The engine's own bound is far above. */
const MAX_DEPTH = 64;

export interface Reading {
  readonly peek: (ahead?: number) => Token;
  readonly next: () => Token;
  /** Whether the next tokens are these words or signs. */
  readonly at: (...keys: readonly string[]) => boolean;
  /** Takes them if they are. */
  readonly take: (...keys: readonly string[]) => boolean;
  /** Takes them or throws. */
  readonly need: (...keys: readonly string[]) => void;
  readonly fault: (message: string, token?: Token, kind?: SqlFaultKind) => SqlFault;
  /** Runs `read` one level deeper; throws past the bound. */
  readonly deeper: (read: () => string) => string;
  /** A query without its brackets; set by the reader of queries. */
  query: () => string;
  /** Names of the queries of WITH that can be read here, the innermost last. */
  readonly named: string[];
  /** Types of the `{name: Type}` placeholders. */
  readonly parameters: Map<string, string>;
  /** Whether the text of events is asked for. */
  readsText: boolean;
}

export function createReading(sql: string, tokens: readonly Token[]): Reading {
  let index = 0;
  let depth = 0;
  const end = tokens.at(-1);
  if (end === undefined) throw new RangeError('a statement has an end at least');

  const peek = (ahead = 0): Token => tokens[index + ahead] ?? end;
  const next = (): Token => {
    const token = peek();
    index = Math.min(index + 1, tokens.length - 1);
    return token;
  };
  const isKey = (token: Token, key: string): boolean =>
    (token.kind === 'word' || token.kind === 'symbol' || token.kind === 'end') && token.key === key;
  const at = (...keys: readonly string[]): boolean => keys.every((key, ahead) => isKey(peek(ahead), key));
  const take = (...keys: readonly string[]): boolean => {
    if (!at(...keys)) return false;
    for (const _ of keys) next();
    return true;
  };
  const fault = (message: string, token = peek(), kind: SqlFaultKind = 'invalid'): SqlFault =>
    new SqlFault(kind, message, positionAt(sql, token.offset));

  return {
    peek,
    next,
    at,
    take,
    need(...keys) {
      if (!take(...keys)) throw fault(`Expected ${keys.join(' ')}, found ${said(peek())}.`);
    },
    fault,
    deeper(read) {
      depth += 1;
      if (depth > MAX_DEPTH) throw fault(`More than ${MAX_DEPTH} levels inside each other.`);
      const text = read();
      depth -= 1;
      return text;
    },
    query: () => {
      throw new RangeError('the reader of queries is not there yet');
    },
    named: [],
    parameters: new Map(),
    readsText: false,
  };
}

/** A token as a message says it. */
export function said(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return JSON.stringify(token.value.length > 40 ? `${token.value.slice(0, 40)}…` : token.value);
}

/** One or more, printed with commas between. */
export function listOf(reading: Reading, read: () => string): string {
  const items = [read()];
  while (reading.take(',')) items.push(read());
  return items.join(', ');
}

/** A name as it is printed: always quoted, so that it can be nothing else. Names have no backquote or backslash. */
export function printName(name: string): string {
  return `\`${name}\``;
}
