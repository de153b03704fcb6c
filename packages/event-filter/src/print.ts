/** Syntax tree to filter text: what parses to the same tree again. */
import { findMisspelling, isBesideEvent } from './check-path.ts';
import type { Filter, FilterTest, FilterValue, Path } from './filter.ts';
import { isPlainWord } from './tokenize.ts';

/** Words that can mean something else where a path starts. */
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'true', 'false', 'null', 'text']);

/** Brackets only where the tree needs them; times and paths in their usual form. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'or':
      return filter.terms
        .map((term) => (term.kind === 'or' ? bracketed(term) : printFilter(term)))
        .join(' or ');
    case 'and':
      return filter.terms.map(printTerm).join(' and ');
    case 'not':
      return `not ${printTerm(filter.term)}`;
    default:
      return printTest(filter);
  }
}

function printTerm(filter: Filter): string {
  return filter.kind === 'and' || filter.kind === 'or' ? bracketed(filter) : printFilter(filter);
}

function bracketed(filter: Filter): string {
  return `(${printFilter(filter)})`;
}

function printTest(test: FilterTest): string {
  if (test.kind === 'words')
    return `${test.path === undefined ? 'text' : printPath(test.path)} ~ ${quote(test.text)}`;
  const path = printPath(test.path);
  switch (test.kind) {
    case 'compare':
      return `${path} ${test.operator} ${printValue(test.value)}`;
    case 'prefix':
      return `${path} ^= ${quote(test.text)}`;
    case 'in':
      return `${path} in (${test.values.map(printValue).join(', ')})`;
    case 'cidr':
      return `${path} in cidr(${test.ranges.map((range) => quote(range)).join(', ')})`;
    case 'within':
      return `${path} within ${quote(test.text)}`;
    case 'exists':
      return `${path} exists`;
  }
}

function printPath(path: Path): string {
  const forced = isBesideEvent(path) ? 0 : findMisspelling(path)?.step;
  return path
    .map((name, step) => {
      const keyword = step === 0 && KEYWORDS.has(name.toLowerCase());
      return keyword || step === forced || !isPlainWord(name) ? quote(name, '`') : name;
    })
    .join('/');
}

function printValue(value: FilterValue): string {
  switch (value.kind) {
    case 'string':
      return quote(value.text);
    case 'number':
      return Object.is(value.number, -0) ? '-0' : String(value.number);
    case 'time':
      return value.text;
    case 'boolean':
      return String(value.boolean);
    case 'null':
      return 'null';
  }
}

function quote(text: string, mark = "'"): string {
  return `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
}
