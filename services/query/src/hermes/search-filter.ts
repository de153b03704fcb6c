/**
 * `search`: a query string as Elasticsearch has it, as a filter over the whole event.
 *
 * Words are looked for in any value; several are alternatives unless `AND` or `+` says otherwise; `-`, `!` and `NOT`
 * leave out; phrases are in quotes; `initiator.name:ada` asks of one member (`….keyword` of its whole value),
 * `_exists_:tags` whether there is one. A term of several words, such as an id or a path, counts as a phrase.
 */
import type { Filter, Path } from '@cadf-pipeline/event-filter';
import { unusable } from './form.ts';
import { searchTokens } from './search-tokens.ts';

/** What of a list of alternatives has to be, may be and must not be. */
interface Clauses {
  readonly must: Filter[];
  readonly should: Filter[];
  readonly not: Filter[];
}

const MAX_TOKENS = 128;
const MAX_DEPTH = 16;
const EVERY = '*';
const WORD = /[0-9A-Za-z\u0080-\u{10FFFF}]/u;

/** Undefined: everything. Throws QUERY_HERMES_PARAMETER_INVALID. */
export function searchFilter(text: string): Filter | undefined {
  if (text.trim() === EVERY || text.trim() === '*:*') return undefined;
  const tokens = searchTokens(text);
  if (tokens.length > MAX_TOKENS) throw unusable(`search has more than ${MAX_TOKENS} words and signs`);
  let at = 0;

  function list(depth: number, field: Path | undefined): Filter {
    if (depth > MAX_DEPTH) throw unusable(`search has more than ${MAX_DEPTH} brackets in each other`);
    const clauses: Clauses = { must: [], should: [], not: [] };
    while (at < tokens.length && tokens[at]?.kind !== 'close') {
      if (tokens[at]?.kind === 'or') at++;
      else clause(clauses, depth, field);
    }
    return joined(clauses);
  }

  /** One unit with its sign, or several that all have to be. */
  function clause(clauses: Clauses, depth: number, field: Path | undefined): void {
    const first = signed(depth, field);
    if (tokens[at]?.kind !== 'and') {
      clauses[first.sign].push(first.filter);
      return;
    }
    const terms = [first];
    while (tokens[at]?.kind === 'and') {
      at++;
      terms.push(signed(depth, field));
    }
    clauses.should.push(
      ...allOf(terms.map(({ filter, sign }) => (sign === 'not' ? { kind: 'not', term: filter } : filter))),
    );
  }

  function signed(depth: number, field: Path | undefined): { sign: keyof Clauses; filter: Filter } {
    let sign: keyof Clauses = 'should';
    for (let token = tokens[at]; token?.kind === 'not' || token?.kind === 'must'; token = tokens[++at])
      sign = token.kind === 'must' ? 'must' : sign === 'not' ? 'should' : 'not';
    const token = tokens[at++];
    if (token?.kind === 'open') {
      const filter = list(depth + 1, token.field ?? field);
      if (tokens[at++]?.kind !== 'close') throw unusable('search opens a bracket and never closes it');
      return { sign, filter };
    }
    if (token?.kind === 'term' || token?.kind === 'phrase')
      return { sign, filter: test(token.text, token.field ?? field) };
    throw unusable('search has a sign with nothing to look for behind it');
  }

  const filter = list(0, undefined);
  if (at < tokens.length) throw unusable('search closes a bracket that it never opened');
  return filter;
}

function test(text: string, field: Path | undefined): Filter {
  if (field?.[0] === '_exists_') return { kind: 'exists', path: text.split('.').filter(Boolean) };
  if (text === EVERY && field !== undefined) return { kind: 'exists', path: field };
  if (field?.at(-1) === 'keyword' && field.length > 1)
    return { kind: 'compare', path: field.slice(0, -1), operator: '=', value: { kind: 'string', text } };
  if (!WORD.test(text)) throw unusable('search has no word to look for');
  return { kind: 'words', path: field, text: `"${text.replaceAll('"', ' ')}"` };
}

function joined({ must, should, not }: Clauses): Filter {
  // What must be makes what may be say nothing more.
  const wanted = must.length > 0 ? must : anyOf(should);
  const [first, ...rest] = allOf([...wanted, ...not.map((term): Filter => ({ kind: 'not', term }))]);
  if (first === undefined || rest.length > 0) throw unusable('search has no word to look for');
  return first;
}

function anyOf(terms: readonly Filter[]): readonly Filter[] {
  return terms.length > 1 ? [{ kind: 'or', terms }] : terms;
}

function allOf(terms: readonly Filter[]): readonly Filter[] {
  return terms.length > 1 ? [{ kind: 'and', terms }] : terms;
}
