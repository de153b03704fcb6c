/**
 * Just enough reading of ClickHouse SQL for the HTTP stand-in: where a statement's head ends and its data begins,
 * which output format it names, and which parts must be rewritten because chDB knows no query ids.
 */

export interface Token {
  readonly kind: 'word' | 'string' | 'quoted' | 'symbol';
  readonly start: number;
  readonly end: number;
  /** Upper case for words, the text itself for symbols, empty for the rest. */
  readonly text: string;
  /** Depth of round brackets around it. */
  readonly depth: number;
}

const WORD = /[A-Za-z0-9_]/;
const SPACE = /\s/;

/** Tokens of a statement, without white space and comments. An unfinished string or comment ends with the text. */
export function* tokens(sql: string): Generator<Token> {
  let at = 0;
  let depth = 0;
  while (at < sql.length) {
    const start = at;
    const char = sql.charAt(at);
    if (SPACE.test(char)) {
      at += 1;
    } else if (sql.startsWith('--', at) || sql.startsWith('#!', at) || sql.startsWith('# ', at)) {
      at = endOr(sql, sql.indexOf('\n', at), 1);
    } else if (sql.startsWith('/*', at)) {
      at = endOr(sql, sql.indexOf('*/', at + 2), 2);
    } else if (char === "'" || char === '`' || char === '"') {
      at = quotedEnd(sql, at, char);
      yield { kind: char === "'" ? 'string' : 'quoted', start, end: at, text: '', depth };
    } else if (char === '$' && /^\$\w*\$/.test(sql.slice(at, at + 64))) {
      const tag = sql.slice(at, sql.indexOf('$', at + 1) + 1);
      at = endOr(sql, sql.indexOf(tag, at + tag.length), tag.length);
      yield { kind: 'string', start, end: at, text: '', depth };
    } else if (WORD.test(char)) {
      while (at < sql.length && WORD.test(sql.charAt(at))) at += 1;
      yield { kind: 'word', start, end: at, text: sql.slice(start, at).toUpperCase(), depth };
    } else {
      if (char === ')') depth -= 1;
      at += 1;
      yield { kind: 'symbol', start, end: at, text: char, depth };
      if (char === '(') depth += 1;
    }
  }
}

function endOr(sql: string, found: number, length: number): number {
  return found < 0 ? sql.length : found + length;
}

function quotedEnd(sql: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < sql.length) {
    const char = sql.charAt(at);
    if (char === '\\') at += 2;
    else if (char !== quote) at += 1;
    else if (sql.charAt(at + 1) === quote) at += 2;
    else return at + 1;
  }
  return sql.length;
}

export interface Statement {
  /** First word, upper case (`SELECT` also for one that starts with WITH or a bracket). */
  readonly verb: string;
  /** The format named by a FORMAT clause (or VALUES of an INSERT), as written. */
  readonly format: string | undefined;
  /** INSERT with data behind its head: where the data starts. */
  readonly dataStart: number | undefined;
  /** INSERT … SELECT. */
  readonly insertSelect: boolean;
  /** Place of `input(…)` in an INSERT … SELECT, and the text between its brackets. */
  readonly input: { readonly start: number; readonly end: number; readonly structure: string } | undefined;
}

/** Reads the head of a statement. Data behind an INSERT head is never looked at. */
export function readStatement(sql: string): Statement {
  let verb = '';
  let format: string | undefined;
  let dataStart: number | undefined;
  let insertSelect = false;
  let input: Statement['input'];
  let opened: Token | undefined;
  let before: Token | undefined;
  for (const token of tokens(sql)) {
    if (verb === '') verb = token.text === 'WITH' || token.text === '(' ? 'SELECT' : token.text;
    const top = token.depth === 0;
    if (top && before?.text === 'FORMAT' && token.kind === 'word' && before.kind === 'word') {
      format = sql.slice(token.start, token.end);
      if (verb === 'INSERT') {
        dataStart = token.end;
        break;
      }
    }
    if (verb === 'INSERT' && top && token.kind === 'word') {
      if (token.text === 'SELECT' || token.text === 'WITH') insertSelect = true;
      if (token.text === 'VALUES' && !insertSelect) {
        format = 'Values';
        dataStart = token.end;
        break;
      }
    }
    if (insertSelect && token.text === '(' && before?.text === 'INPUT') opened = before;
    if (opened !== undefined && input === undefined && token.text === ')' && token.depth === opened.depth) {
      const open = sql.indexOf('(', opened.end);
      input = { start: opened.start, end: token.end, structure: sql.slice(open + 1, token.start) };
    }
    before = token;
  }
  if (dataStart !== undefined) dataStart = skipToData(sql, dataStart);
  return { verb, format, dataStart, insertSelect, input };
}

/** Blanks and at most one line end belong to the head, what follows is data (a TSV row may start with a tab). */
function skipToData(sql: string, from: number): number {
  let at = from;
  while (sql.charAt(at) === ' ') at += 1;
  if (sql.charAt(at) === '\r') at += 1;
  if (sql.charAt(at) === '\n') at += 1;
  return at;
}

/** Replaces each `system.processes` outside strings by another table expression. */
export function replaceProcesses(sql: string, by: string): string {
  if (!/system\s*\.\s*processes/i.test(sql)) return sql;
  const found: Token[] = [];
  let out = '';
  let from = 0;
  for (const token of tokens(sql)) {
    found.push(token);
    const [first, dot] = found.slice(-3);
    if (token.text === 'PROCESSES' && dot?.text === '.' && first?.text === 'SYSTEM') {
      out += sql.slice(from, first.start) + by;
      from = token.end;
    }
  }
  return out + sql.slice(from);
}

export interface KillQuery {
  readonly condition: string;
  readonly mode: 'SYNC' | 'ASYNC' | 'TEST';
}

/** `KILL QUERY [ON CLUSTER x] WHERE condition [SYNC | ASYNC | TEST] [FORMAT f]`. */
export function readKillQuery(sql: string): KillQuery | undefined {
  const all = [...tokens(sql)];
  if (all[0]?.text !== 'KILL' || all[1]?.text !== 'QUERY') return undefined;
  const where = all.find((token) => token.text === 'WHERE');
  if (where === undefined) return undefined;
  let mode: KillQuery['mode'] = 'ASYNC';
  let end = sql.length;
  for (const token of all) {
    if (token.depth !== 0 || token.start < where.end) continue;
    if (token.text === 'SYNC' || token.text === 'ASYNC' || token.text === 'TEST') mode = token.text;
    if (token.kind !== 'string' && /^(SYNC|ASYNC|TEST|FORMAT|;)$/.test(token.text))
      end = Math.min(end, token.start);
  }
  return { condition: sql.slice(where.end, end), mode };
}

/** A string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A quoted identifier. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
