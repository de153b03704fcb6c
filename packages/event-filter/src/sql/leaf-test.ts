/** What a test asks of the text of one leaf, in SQL: of a column, or of a value in an event's JSON. */
import type { FilterTest, FilterValue } from '../filter.ts';
import type { Bind } from './bind.ts';
import { addressTest } from './address-test.ts';
import { instantTest } from './instant-test.ts';
import { numberListTest, numberTest } from './number-test.ts';
import { withinTest } from './within-test.ts';

/** A condition over the expression of a leaf's text. */
export type LeafTest = (leaf: string) => string;

/** Those that pass where any leaf passes. `!=` and `null` are asked of the path as a whole. */
export type PlainTest = Exclude<FilterTest, { readonly kind: 'words' | 'exists' }>;

/** `!=` as `=`, `null` among values of a list left out. */
export function leafTest(test: PlainTest, bind: Bind): LeafTest {
  switch (test.kind) {
    case 'compare':
      return compareTest(test.operator === '!=' ? '=' : test.operator, test.value, bind);
    case 'prefix': {
      const text = bind('String', test.text);
      return (leaf) => `startsWith(${leaf}, ${text})`;
    }
    case 'in':
      return anyOf(test.values, bind);
    case 'cidr':
      return addressTest(test.ranges, bind);
    case 'within':
      return withinTest(test.path, test.text, bind);
  }
}

function compareTest(operator: string, value: FilterValue, bind: Bind): LeafTest {
  switch (value.kind) {
    case 'string': {
      const text = bind('String', value.text);
      return (leaf) => `${leaf} ${operator} ${text}`;
    }
    case 'number':
      return numberTest(operator, value.number, bind);
    case 'time':
      return instantTest(operator, value.ms, bind);
    case 'boolean':
      return (leaf) => `${leaf} = '${value.boolean}'`;
    case 'null':
      return () => '0';
  }
}

/** Texts by one look-up, and numbers by one; the others one after the other. */
function anyOf(values: readonly FilterValue[], bind: Bind): LeafTest {
  const texts = values.flatMap((value) => (value.kind === 'string' ? [value.text] : []));
  const numbers = values.flatMap((value) => (value.kind === 'number' ? [value.number] : []));
  const others = values
    .filter((value) => value.kind !== 'string' && value.kind !== 'number')
    .map((value) => compareTest('=', value, bind));
  if (numbers.length > 0) others.push(numberListTest(numbers, bind));
  const list = texts.length === 0 ? undefined : bind('Array(String)', texts);
  return (leaf) =>
    [...(list === undefined ? [] : [`has(${list}, ${leaf})`]), ...others.map((other) => other(leaf))]
      .map((part) => `(${part})`)
      .join(' OR ');
}
