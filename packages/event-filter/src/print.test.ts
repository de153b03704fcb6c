import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CompareOperator, Filter, FilterValue, Path } from './filter.ts';
import { parseFilter } from './parse.ts';
import { parsePhrases } from './words.ts';
import { printFilter } from './print.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => value.isWellFormed());
const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('id', 'name', 'initiator', 'host', 'project_id', 'x-y', '$ref') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('outcom', 'not', 'and', 'or', 'text', 'null', 'in', 'property', 'cidr'),
  },
  { weight: 1, arbitrary: text },
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
const equality = fc.constantFrom<CompareOperator>('=', '!=');
const order = fc.constantFrom<CompareOperator>('=', '!=', '<', '<=', '>', '>=');
const words = text.filter((candidate) => typeof parsePhrases(candidate) !== 'string');
const question: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ kind: fc.constant('compare' as const), path, operator: equality, value }),
  fc.record({ kind: fc.constant('compare' as const), path, operator: order, value: ordered }),
  fc.record({ kind: fc.constant('prefix' as const), path, text }),
  fc.record({ kind: fc.constant('words' as const), path: fc.option(path, { nil: undefined }), text: words }),
  fc.record({
    kind: fc.constant('in' as const),
    path,
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('cidr' as const),
    path,
    ranges: fc.array(
      fc
        .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 32 }))
        .map((parts) => parts.join('/')),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  fc.record({ kind: fc.constant('within' as const), path, text }),
  fc.record({ kind: fc.constant('exists' as const), path }),
);
const filter = fc.letrec<{ filter: Filter }>((tie) => ({
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

test('every tree is printed as a filter that parses to the same tree', () => {
  fc.assert(
    fc.property(filter, (tree) => {
      const printed = printFilter(tree);
      fc.pre(new TextEncoder().encode(printed).length <= 8192);
      expect(parseFilter(printed)).toEqual({ ok: true, filter: tree });
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
