/** Syntax tree to a function over parsed events, made of closures: compiled once, asked of each event. */
import { compileCompare } from './compare-value.ts';
import { parseAddress, parseRange } from './cidr.ts';
import type { Filter, FilterTest, FilterValue, Path } from './filter.ts';
import { compileWithin } from './within.ts';
import { compilePath, leafText, someLeaf } from './walk.ts';
import type { ValueTest } from './walk.ts';
import { parsePhrases, searchPhrases } from './words.ts';

/**
 * Whether an event passes, as `JSON.parse` makes it of a text whose depth was checked (`checkJsonDepth`): values are
 * visited by recursion. Always true or false, never unknown, whatever the event holds.
 */
export type EventPredicate = (event: unknown) => boolean;

/**
 * What each operator means is in this package's README.
 * @throws RangeError when the tree was not made by `parseFilter` and holds what it would refuse.
 */
export function compilePredicate(filter: Filter): EventPredicate {
  switch (filter.kind) {
    case 'and':
      return filter.terms
        .map(compilePredicate)
        .reduce((left, right) => (event) => left(event) && right(event));
    case 'or':
      return filter.terms
        .map(compilePredicate)
        .reduce((left, right) => (event) => left(event) || right(event));
    case 'not': {
      const passes = compilePredicate(filter.term);
      return (event) => !passes(event);
    }
    default:
      return compileTest(filter);
  }
}

function compileTest(test: FilterTest): EventPredicate {
  switch (test.kind) {
    case 'compare': {
      const { path, operator, value } = test;
      if (operator !== '!=') return compileValue(path, operator, value);
      const equals = compileValue(path, '=', value);
      return (event) => !equals(event);
    }
    case 'prefix':
      return compilePath(test.path, (found) => leafText(found)?.startsWith(test.text) === true);
    case 'words':
      return compileWords(test.path, test.text);
    case 'in':
      return compileIn(test.path, test.values);
    case 'cidr':
      return compilePath(test.path, compileRanges(test.ranges));
    case 'within': {
      const isWithin = compileWithin(test.path, test.text);
      return compilePath(test.path, (found) => {
        const value = leafText(found);
        return value !== undefined && isWithin(value);
      });
    }
    case 'exists':
      return compilePath(test.path, () => true);
  }
}

function compileValue(
  path: Path,
  operator: '=' | '<' | '<=' | '>' | '>=',
  value: FilterValue,
): EventPredicate {
  if (value.kind !== 'null') return compilePath(path, compileCompare(operator, value));
  const exists = compilePath(path, () => true);
  return (event) => !exists(event);
}

/** Texts by one look-up; the others one after the other. */
function compileIn(path: Path, values: readonly FilterValue[]): EventPredicate {
  const texts = new Set(values.flatMap((value) => (value.kind === 'string' ? [value.text] : [])));
  const tests = values
    .filter((value) => value.kind !== 'string' && value.kind !== 'null')
    .map((value) => compileCompare('=', value));
  const any = compilePath(path, (found) => {
    const text = leafText(found);
    return (text !== undefined && texts.has(text)) || tests.some((test) => test(found));
  });
  if (!values.some((value) => value.kind === 'null')) return any;
  const exists = compilePath(path, () => true);
  return (event) => any(event) || !exists(event);
}

function compileRanges(ranges: readonly string[]): ValueTest {
  const tests = ranges.map((range) => {
    const test = parseRange(range);
    if (test === undefined) throw new RangeError(`no address range: ${range}`);
    return test;
  });
  return (found) => {
    const address = typeof found === 'string' ? parseAddress(found) : undefined;
    return address !== undefined && tests.some((test) => test(address));
  };
}

function compileWords(path: Path | undefined, text: string): EventPredicate {
  const phrases = parsePhrases(text);
  if (typeof phrases === 'string') throw new RangeError(phrases);
  if (path === undefined) {
    return (event) => {
      const search = searchPhrases(phrases);
      return someLeaf(event, (leaf) => search.see(leaf));
    };
  }
  return (event) => {
    const search = searchPhrases(phrases);
    const seeAll = compilePath(path, (found) => someLeaf(found, (leaf) => search.see(leaf)));
    return seeAll(event);
  };
}
