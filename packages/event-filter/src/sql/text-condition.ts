/** A filter as a condition over a column `text`, the event's JSON: exactly what `compilePredicate` answers of it. */
import type { Filter, FilterTest } from '../filter.ts';
import { parsePhrases } from '../words.ts';
import type { Bind } from './bind.ts';
import type { JsonValues } from './json-values.ts';
import { leafTest } from './leaf-test.ts';
import { phraseTest } from './words-test.ts';

export function textCondition(filter: Filter, values: JsonValues, bind: Bind): string {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const terms = filter.terms.map((term) => textCondition(term, values, bind));
      return `(${terms.join(filter.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${textCondition(filter.term, values, bind)})`;
    default:
      return textTest(filter, values, bind);
  }
}

function textTest(test: FilterTest, values: JsonValues, bind: Bind): string {
  switch (test.kind) {
    case 'exists':
      return values.exists(test.path);
    case 'words':
      return wordsTest(test.path, test.text, values, bind);
    case 'compare': {
      const { path, operator, value } = test;
      const negated = operator === '!=' ? 'NOT ' : '';
      if (value.kind === 'null') return `(${negated}NOT ${values.exists(path)})`;
      return `(${negated}${someLeaf(test, values, bind)})`;
    }
    case 'in': {
      const any = someLeaf(test, values, bind);
      const absent = test.values.some((value) => value.kind === 'null');
      return absent ? `(${any} OR NOT ${values.exists(test.path)})` : any;
    }
    default:
      return someLeaf(test, values, bind);
  }
}

function someLeaf(
  test: Exclude<FilterTest, { readonly kind: 'words' | 'exists' }>,
  values: JsonValues,
  bind: Bind,
): string {
  return `arrayExists(v -> ${leafTest(test, bind)('v')}, ${values.leaves(test.path)})`;
}

function wordsTest(
  path: readonly string[] | undefined,
  text: string,
  values: JsonValues,
  bind: Bind,
): string {
  const phrases = parsePhrases(text);
  if (typeof phrases === 'string') throw new RangeError(phrases);
  const leaves = values.deepLeaves(path);
  const tests = phrases.map((words) => `arrayExists(v -> ${phraseTest(words, bind)('v')}, ${leaves})`);
  return `(${tests.join(' AND ')})`;
}
