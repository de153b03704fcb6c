import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CompareOperator, Filter, FilterValue, Path, Placeholder } from './filter.ts';
import { parseFilter, parseTemplate } from './parse.ts';
import { parsePhrases } from './words.ts';
import { printFilter } from './print.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => value.isWellFormed());
const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('id', 'name', 'initiator', 'host', 'project_id', 'x-y', '$ref') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('outcom', 'not', 'and', 'or', 'text', 'null', 'in', 'property', 'cidr'),
  },
  // No member can be asked for by U+FFFD.
  { weight: 1, arbitrary: text.filter((value) => !value.includes('\uFFFD')) },
);
const path: fc.Arbitrary<Path> = fc.array(name, { minLength: 1, maxLength: 4 });
const time = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
const ordered: fc.Arbitrary<FilterValue> = fc.oneof(
  text.map((value): FilterValue => ({ kind: 'string', text: value })),
  fc
    .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, min: -1e9, max: 1e9 }))
    .map((number): FilterValue => ({ kind: 'number', number })),
  time.map((date): FilterValue => ({ kind: 'time', text: date.toISOString(), ms: date.getTime() })),
);
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  ordered,
  fc.boolean().map((boolean): FilterValue => ({ kind: 'boolean', boolean })),
  fc.constant<FilterValue>({ kind: 'null' }),
);
const placeholder: fc.Arbitrary<Placeholder> = fc
  .constantFrom('who', 'since', '_', 'A9', 'in', 'null', 'cidr', 'x'.repeat(64))
  .map((called) => ({ kind: 'placeholder', name: called, start: 0 }));
const equality = fc.constantFrom<CompareOperator>('=', '!=');
const order = fc.constantFrom<CompareOperator>('=', '!=', '<', '<=', '>', '>=');
const words = text.filter((candidate) => typeof parsePhrases(candidate) !== 'string');
/** Trees of filters; of templates, where holes are given. */
function treesWith<Hole>(...holes: readonly fc.Arbitrary<Hole>[]): fc.Arbitrary<Filter<Hole>> {
  const range = fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 32 }))
    .map((parts) => parts.join('/'));
  const list = <Item>(item: fc.Arbitrary<Item>, maxLength: number) =>
    fc.oneof(fc.array(fc.oneof(item, ...holes), { minLength: 1, maxLength }), ...holes);
  const question: fc.Arbitrary<Filter<Hole>> = fc.oneof(
    fc.record({
      kind: fc.constant('compare' as const),
      path,
      operator: equality,
      value: fc.oneof(value, ...holes),
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      path,
      operator: order,
      value: fc.oneof(ordered, ...holes),
    }),
    fc.record({ kind: fc.constant('prefix' as const), path, text: fc.oneof(text, ...holes) }),
    fc.record({
      kind: fc.constant('words' as const),
      path: fc.option(path, { nil: undefined }),
      text: fc.oneof(words, ...holes),
    }),
    fc.record({ kind: fc.constant('in' as const), path, values: list(value, 4) }),
    fc.record({ kind: fc.constant('cidr' as const), path, ranges: list(range, 2) }),
    fc.record({ kind: fc.constant('within' as const), path, text: fc.oneof(text, ...holes) }),
    fc.record({ kind: fc.constant('exists' as const), path }),
  );
  return fc.letrec<{ filter: Filter<Hole> }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 5 },
      question,
      fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      }),
    ),
  })).filter;
}

const filter = treesWith<never>();

test('every template is printed as one that parses to the same tree, its places apart', () => {
  const placeless = (tree: Filter<Placeholder>): unknown =>
    JSON.parse(JSON.stringify(tree, (key: string, each: unknown) => (key === 'start' ? 0 : each)));
  fc.assert(
    fc.property(treesWith(placeholder), (tree) => {
      const printed = printFilter(tree);
      fc.pre(new TextEncoder().encode(printed).length <= 8192);
      const parsed = parseTemplate(printed);
      expect(parsed.ok).toBe(true);
      if (parsed.ok) expect(placeless(parsed.template.filter)).toEqual(placeless(tree));
    }),
    { numRuns: 1000 },
  );
});

test('every tree is printed as a filter that parses to the same tree', () => {
  fc.assert(
    fc.property(filter, (tree) => {
      const printed = printFilter(tree);
      fc.pre(new TextEncoder().encode(printed).length <= 8192);
      const parsed = parseFilter(printed);
      // What is too much at once is refused, whoever wrote it.
      fc.pre(parsed.ok || parsed.fault.code !== 'FILTER_TOO_DEAR');
      expect(parsed).toEqual({ ok: true, filter: tree });
    }),
    { numRuns: 2000 },
  );
});

test('any text parses or is refused at a place within it', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    'a',
    "'",
    '"',
    '`',
    '/',
    '=',
    '!',
    '<',
    ' and ',
    ' not ',
    '12',
    ':who',
    '-',
    '[',
    ',',
    '😀',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (input) => {
        const parsed = parseFilter(input);
        if (parsed.ok) return;
        expect(parsed.fault.column).toBeGreaterThanOrEqual(1);
        expect(parsed.fault.column).toBeLessThanOrEqual(Array.from(input).length + 1);
        expect(parsed.fault.excerpt.split('\n')).toHaveLength(2);
      },
    ),
    { numRuns: 2000 },
  );
});
