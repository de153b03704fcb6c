/** Syntax tree of a filter or a template to its text: what parses to the same tree again. */
import { findMisspelling, isBesideEvent } from './check-path.ts';
import type { Filter, FilterTest, FilterValue, Path, Placeholder } from './filter.ts';
import { isPlainWord } from './tokenize.ts';

/** Words that can mean something else where a path starts. */
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'true', 'false', 'null', 'text']);

/** Brackets only where the tree needs them; times and paths in their usual form. */
export function printFilter(filter: Filter<Placeholder>): string {
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

function printTerm(filter: Filter<Placeholder>): string {
  return filter.kind === 'and' || filter.kind === 'or' ? bracketed(filter) : printFilter(filter);
}

function bracketed(filter: Filter<Placeholder>): string {
  return `(${printFilter(filter)})`;
}

function printTest(test: FilterTest<Placeholder>): string {
  if (test.kind === 'words')
    return `${test.path === undefined ? 'text' : printPath(test.path)} ~ ${printText(test.text)}`;
  const path = printPath(test.path);
  switch (test.kind) {
    case 'compare':
      return `${path} ${test.operator} ${printValue(test.value)}`;
    case 'prefix':
      return `${path} ^= ${printText(test.text)}`;
    case 'in':
      return `${path} in${printList(test.values, printValue, ' ')}`;
    case 'cidr':
      return `${path} in cidr${printList(test.ranges, printText)}`;
    case 'within':
      return `${path} within ${printText(test.text)}`;
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

function printList<Item>(
  items: readonly Item[] | Placeholder,
  print: (item: Item) => string,
  gap = '',
): string {
  return 'kind' in items ? ` ${printPlaceholder(items)}` : `${gap}(${items.map(print).join(', ')})`;
}

function printText(text: string | Placeholder): string {
  return typeof text === 'string' ? quote(text) : printPlaceholder(text);
}

function printPlaceholder({ name }: Placeholder): string {
  return `:${name}`;
}

function printValue(value: FilterValue | Placeholder): string {
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
    case 'placeholder':
      return printPlaceholder(value);
  }
}

function quote(text: string, mark = "'"): string {
  return `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
}
