import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allOf } from './all-of.ts';
import { bindFilter } from './bind-filter.ts';
import type { FilterParameters } from './bind-filter.ts';
import type { FilterFault } from './fault.ts';
import type { Filter, FilterTemplate, FilterValue } from './filter.ts';
import { readParameter } from './parameter.ts';
import type { FilterParameter, ParameterDeclaration } from './parameter.ts';
import { parseFilter, parseTemplate } from './parse.ts';
import { checkParameters, placeholderUses } from './placeholder-uses.ts';
import { compilePredicate } from './predicate.ts';
import { printFilter } from './print.ts';
import { sqlCondition } from './sql/sql-condition.ts';

function templateOf(text: string): FilterTemplate {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.template;
}

function parsedOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.filter;
}

type Given = Readonly<Record<string, readonly [ParameterDeclaration, unknown]>>;

function parametersOf(given: Given): FilterParameters {
  return new Map(
    Object.entries(given).map(([name, [declaration, value]]): [string, FilterParameter] => {
      const read = readParameter(declaration, value);
      if (typeof read === 'string') throw new Error(`${name} ${read}`);
      return [name, read];
    }),
  );
}

function bound(text: string, given: Given): Filter {
  const parsed = bindFilter(templateOf(text), parametersOf(given));
  if (!parsed.ok) throw new Error(`${parsed.fault.message}\n${parsed.fault.excerpt}`);
  return parsed.filter;
}

function faultOf(text: string, given: Given = {}): FilterFault {
  const parsed = bindFilter(templateOf(text), parametersOf(given));
  if (parsed.ok) throw new Error('bound');
  return parsed.fault;
}

const TEXT = { type: 'text' } as const;

test.each<[string, Given, string]>([
  ['initiator/name = :who', { who: [TEXT, "o'neil"] }, "initiator/name = 'o''neil'"],
  [':who = initiator/name', { who: [TEXT, 'x'] }, "initiator/name = 'x'"],
  [':least < severity', { least: [{ type: 'number' }, '5'] }, 'severity > 5'],
  [
    'eventTime >= :since',
    { since: [{ type: 'time' }, '2026-11-01T02:00:00+02:00'] },
    'eventTime >= 2026-11-01T02:00:00+02:00',
  ],
  ['x = :on or y != :on', { on: [{ type: 'boolean' }, 'true'] }, 'x = true or y != true'],
  ['name in :names', { names: [{ ...TEXT, list: true }, ['a', 'b']] }, "name in ('a', 'b')"],
  ["name in ('a', :one, null)", { one: [TEXT, 'b'] }, "name in ('a', 'b', null)"],
  [
    'initiator/host/address in cidr :nets',
    { nets: [{ type: 'cidr', list: true }, ['10.0.0.0/8', '::1']] },
    "initiator/host/address in cidr('10.0.0.0/8', '::1')",
  ],
  [
    'initiator/host/address in cidr(:net)',
    { net: [{ type: 'cidr' }, '10.0.0.0/8'] },
    "initiator/host/address in cidr('10.0.0.0/8')",
  ],
  ['action within :what', { what: [{ type: 'taxonomy' }, 'update/x'] }, "action within 'update/x'"],
  [
    'not (text ~ :words and a ^= :start)',
    { words: [TEXT, 'nova "boot x"'], start: [TEXT, 'b'] },
    `not (text ~ 'nova "boot x"' and a ^= 'b')`,
  ],
])('%s is what it would be with the literals', (text, given, literal) => {
  expect(bound(text, given)).toEqual(parsedOf(literal));
});

const HOSTILE = [
  "' or 'x' = 'x",
  "x' or outcome exists or name = 'y",
  ':who',
  ') or (id exists',
  '{filter_0: String}',
  "'; DROP TABLE events; --",
  '\\',
  "\\' OR 1=1 --",
  '%',
  '',
  '\u0000',
  'null',
  '`',
  '😀',
];

test('whatever stands in a value, it is one value: binding is parsing with the literal', () => {
  const hostile = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => text.isWellFormed()),
    fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((pieces) => pieces.join('')),
  );
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  fc.assert(
    fc.property(hostile, hostile, fc.array(hostile, { minLength: 1, maxLength: 4 }), (who, start, names) => {
      const filter = bound('outcome exists and initiator/name = :who and (a ^= :start or b in :names)', {
        who: [TEXT, who],
        start: [TEXT, start],
        names: [{ ...TEXT, list: true }, names],
      });
      const literal = parsedOf(
        `outcome exists and initiator/name = ${quote(who)} and (a ^= ${quote(start)} or b in (${names.map(quote).join(',')}))`,
      );
      expect(filter).toEqual(literal);
      expect(sqlCondition(filter)).toEqual(sqlCondition(literal));
      const event = { outcome: 'success', initiator: { name: who }, a: 'no', b: names[0] };
      expect(compilePredicate(filter)(event)).toBe(true);
      expect(compilePredicate(filter)({ ...event, initiator: { name: `${who}!` } })).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('numbers, times and booleans are bound as their literals say', () => {
  const literal = fc.oneof(
    fc.maxSafeInteger().map((number) => ['number', String(number)] as const),
    fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((number) => ['number', String(number)] as const),
    fc
      .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
      .map((date) => ['time', date.toISOString()] as const),
    fc.boolean().map((boolean) => ['boolean', String(boolean)] as const),
  );
  fc.assert(
    fc.property(literal, ([type, text]) => {
      fc.pre(!text.startsWith('-e'));
      expect(bound('x = :v or y in (:v)', { v: [{ type }, text] })).toEqual(
        parsedOf(`x = ${text} or y in (${text})`),
      );
    }),
  );
});

describe('faults', () => {
  test('a placeholder without a value is told with its place, in a plain filter too', () => {
    const expected = {
      code: 'FILTER_PLACEHOLDER',
      column: 25,
      message:
        'there is no parameter who to stand here: only a saved query has parameters, those it declares',
      excerpt: `a = 1 and target/name = :who\n${' '.repeat(24)}^`,
    };
    expect(faultOf('a = 1 and target/name = :who')).toEqual(expected);
    const parsed = parseFilter('a = 1 and target/name = :who');
    expect(parsed.ok ? undefined : parsed.fault).toEqual(expected);
  });

  test.each<[string, ParameterDeclaration, string]>([
    ['eventTime >= :p', TEXT, 'type text, and here goes time'],
    ['eventTime = :p', { type: 'number' }, 'here goes time'],
    ['reporterchain/reporterTime in (:p)', TEXT, 'here goes time'],
    ['a < :p', { type: 'boolean' }, 'here goes text or number or time'],
    ['a ^= :p', { type: 'number' }, 'here goes text'],
    ['text ~ :p', { type: 'cidr' }, 'here goes text'],
    ['action within :p', TEXT, 'here goes taxonomy'],
    ['a in cidr(:p)', TEXT, 'here goes cidr'],
    ['a = :p', { type: 'taxonomy' }, 'here goes text or number or boolean or time'],
    ['a in :p', TEXT, 'here goes a list: write (:p)'],
    ['a in (:p)', { ...TEXT, list: true }, 'here goes one value'],
    ['a = :p', { ...TEXT, list: true }, 'here goes one value'],
  ])('%s does not take another type', (text, declaration, message) => {
    const fault = checkParameters(templateOf(text), new Map([['p', declaration]]));
    expect(fault).toMatchObject({ code: 'FILTER_PLACEHOLDER', column: text.indexOf(':') + 1 });
    expect(fault?.message).toContain(message);
  });

  test('a value that its place cannot use', () => {
    expect(faultOf('text ~ :w', { w: [TEXT, '"open'] })).toMatchObject({
      code: 'FILTER_VALUE_INVALID',
      column: 8,
    });
    expect(faultOf('action within :p', { p: [{ type: 'taxonomy' }, 'a//b'] })).toMatchObject({
      code: 'FILTER_VALUE_INVALID',
      column: 15,
    });
  });

  test('values that together are too long, or make the filter too dear', () => {
    const long = Array.from({ length: 9 }, () => 'x'.repeat(1000));
    expect(faultOf('a in :l', { l: [{ ...TEXT, list: true }, long] }).code).toBe('FILTER_TOO_LONG');
    const words = Array.from({ length: 60 }, (_, index) => `w${index}`).join(' ');
    expect(faultOf('a = 1 and text ~ :w', { w: [TEXT, words] })).toMatchObject({
      code: 'FILTER_TOO_DEAR',
      column: 18,
    });
  });

  test.each([
    'a = :',
    'a = : who',
    'a = :1',
    ':a exists',
    'a :b',
    ':a/b = 1',
    'a/:b = 1',
    `a = :${'x'.repeat(65)}`,
    "a = ':b",
    'a in cidr :b :c',
  ])('%s is no template', (text) => {
    expect(parseTemplate(text).ok).toBe(false);
  });
});

test.each<[ParameterDeclaration, unknown]>([
  [TEXT, 5],
  [TEXT, ['a']],
  [TEXT, 'x'.repeat(1025)],
  [TEXT, '\ud800'],
  [{ type: 'number' }, '1e999'],
  [{ type: 'number' }, '9007199254740993'],
  [{ type: 'number' }, '1 or 1=1'],
  [{ type: 'number' }, Number.NaN],
  [{ type: 'boolean' }, 'yes'],
  [{ type: 'time' }, '2026-02-30'],
  [{ type: 'time' }, 5],
  [{ type: 'cidr' }, '10.0.0.0/33'],
  [{ type: 'taxonomy' }, 'a b'],
  [{ type: 'taxonomy' }, ''],
  [{ ...TEXT, list: true }, []],
  [{ ...TEXT, list: true }, Array.from({ length: 1001 }, () => 'x')],
  [TEXT, { toString: 'x' }],
  [TEXT, null],
])('%j does not take %j', (declaration, given) => {
  expect(readParameter(declaration, given)).toBeTypeOf('string');
});

test('the places of a template are told in their order', () => {
  const uses = placeholderUses(templateOf('a = :x and (b in :y or not c in cidr(:z, :x))').filter);
  expect(uses.map(({ list, placeholder }) => `${placeholder.name}@${placeholder.start}${list ? ' list' : ''}`)).toEqual([
    'x@4', 'y@17 list', 'z@37', 'x@41',
  ]); // prettier-ignore
});

test('two filters are one that passes what both pass, within the same bound', () => {
  const value: FilterValue = { kind: 'string', text: 'x' };
  const both = allOf(parsedOf('a = 1 or b = 2'), parsedOf("c = 'x' and d exists"));
  expect(printFilter(both ?? parsedOf('no = 1'))).toBe("(a = 1 or b = 2) and c = 'x' and d exists");
  expect(both).toMatchObject({ terms: [{ kind: 'or' }, { value }, { kind: 'exists' }] });
  const dear = parsedOf(`text ~ '${Array.from({ length: 30 }, (_, index) => `w${index}`).join(' ')}'`);
  expect(allOf(dear, dear)).toBeUndefined();
});
