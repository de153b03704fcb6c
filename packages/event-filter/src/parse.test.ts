import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FilterFault } from './fault.ts';
import type { Filter } from './filter.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

function treeOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${parsed.fault.message}\n${parsed.fault.excerpt}`);
  return parsed.filter;
}

function faultOf(text: string): FilterFault {
  const parsed = parseFilter(text);
  if (parsed.ok) throw new Error(`accepted: ${printFilter(parsed.filter)}`);
  return parsed.fault;
}

describe('the grammar of CIMI', () => {
  test.each([
    ["name = 'x'", "name = 'x'"],
    ['name="it\'s"', "name = 'it''s'"],
    ['cpu>=4', 'cpu >= 4'],
    ['4<cpu', 'cpu > 4'],
    ["'x'!=name", "name != 'x'"],
    ['true = enabled', 'enabled = true'],
    ['created<2012-02-29', 'created < 2012-02-29'],
    ['2012-06-19T10:15:00+02:00 >= created', 'created <= 2012-06-19T10:15:00+02:00'],
    ["property['location']='Berlin'", "properties/location = 'Berlin'"],
    ['property["a b"] != "c"', "properties/`a b` != 'c'"],
    ["((a = 1))or(b=2)and c='C:\\d'", "a = 1 or b = 2 and c = 'C:\\d'"],
    ["not = 'x' and or = 1 and in = 2", "`not` = 'x' and `or` = 1 and in = 2"],
  ])('%s', (text, printed) => {
    expect(printFilter(treeOf(text))).toBe(printed);
    expect(treeOf(printed)).toEqual(treeOf(text));
  });

  // Filter := And ('or' Filter)*, And := Comp ('and' And)*, Comp := Attr Op Value | Value Op Attr | PropExpr | '(' Filter ')'
  const attribute = fc.constantFrom('name', 'cpu', 'state', 'created', 'description', 'memory', 'id');
  const value = fc.oneof(
    fc.constantFrom('0', '4', '65536', '2012-06-19', '2012-06-19Z', '2012-06-19+02:00'),
    fc.constantFrom('2012-06-19T10:15:00', '2012-06-19T10:15:00.5Z', '2012-06-19T10:15:00-08:00'),
  );
  const text = fc.constantFrom(
    "''",
    '""',
    `"it's"`,
    `'say "x"'`,
    "'a''b'",
    "'and (or)'",
    "'日本'",
    'true',
    'false',
  );
  const order = fc.constantFrom('<', '<=', '=', '>=', '>', '!=');
  const same = fc.constantFrom('=', '!=');
  const blank = fc.constantFrom('', ' ');
  const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc.tuple(blank, ...parts).map(([gap, ...each]) => each.join(gap));
  const property = joined(
    fc.constantFrom("property['a b']", 'property["k"]'),
    same,
    fc.constantFrom("'v'", '"v"'),
  );
  const grammar = fc.letrec<{ filter: string; and: string; comparison: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4 },
      tie('and'),
      fc.tuple(tie('and'), tie('filter')).map((both) => both.join(' or ')),
    ),
    and: fc.oneof(
      { maxDepth: 4 },
      tie('comparison'),
      fc.tuple(tie('comparison'), tie('and')).map((both) => both.join(' and ')),
    ),
    comparison: fc.oneof(
      { maxDepth: 4 },
      joined(attribute, order, value),
      joined(value, order, attribute),
      joined(attribute, same, text),
      joined(text, same, attribute),
      property,
      tie('filter').map((inner) => `(${inner})`),
    ),
  }));

  test('is accepted in whole, and printed it says the same', () => {
    fc.assert(
      fc.property(grammar.filter, (filter) => {
        const tree = treeOf(filter);
        expect(treeOf(printFilter(tree))).toEqual(tree);
      }),
      { numRuns: 500 },
    );
  });

  test('and binds closer than or', () => {
    expect(treeOf('a = 1 or b = 2 and c = 3')).toMatchObject({
      kind: 'or',
      terms: [{ path: ['a'] }, { kind: 'and', terms: [{ path: ['b'] }, { path: ['c'] }] }],
    });
  });
});

test.each([
  "initiator.host.address in cidr('10.0.0.0/8', '2001:db8::/32')",
  "outcome = 'failure' and action within 'authenticate' and (initiator/name in ('root','admin') or initiator/host/address in cidr('10.0.0.0/8')) and not target/name ^= 'test-' and eventTime >= 2026-11-01T00:00:00Z and text ~ 'nova boot'",
  'not not (a exists or b = null) AND NOT c exists',
  "`text` ~ '\"a phrase\" word' or text ~ 'x' or text = 'y'",
  "a in (1, -2.5, 1e3, null, true, 2026-01-01, 'z')",
])('what is printed parses to the same tree: %s', (text) => {
  const tree = treeOf(text);
  expect(treeOf(printFilter(tree))).toEqual(tree);
});

describe('faults', () => {
  test('name the column and show the place below a caret', () => {
    expect(faultOf("outcome = 'failure' und x = 1")).toEqual({
      code: 'FILTER_SYNTAX',
      column: 21,
      message: `expected 'and', 'or' or the end of the filter; here is "und"`,
      excerpt: `outcome = 'failure' und x = 1\n${' '.repeat(20)}^`,
    });
  });

  test('count characters, not UTF-16 units, and cut long texts around the place', () => {
    const fault = faultOf(`name = '${'😀'.repeat(60)}' !`);
    expect(fault.column).toBe(71);
    const [line = '', caret = ''] = fault.excerpt.split('\n');
    expect(Array.from(line)[Array.from(caret).indexOf('^')]).toBe('!');
    expect(Array.from(line).length).toBeLessThan(100);
  });

  test.each([
    ["outcom = 'x'", 1, 'outcome'],
    ["initiator/host/adress = 'x'", 16, 'address'],
    ["eventtime = 'x'", 1, 'eventTime'],
    ["target/typeUri = 'x'", 8, 'typeURI'],
    ["reporterchain/reporter/nmae = 'x'", 24, 'name'],
    ["'x' = tagret/id", 7, 'target'],
  ])('a misspelt member gets a suggestion: %s', (text, column, suggestion) => {
    expect(faultOf(text)).toMatchObject({ code: 'FILTER_MEMBER_UNKNOWN', column, suggestion });
  });

  test.each(["source = 'x'", "outcome = 'failure' and tenant in ('x')", 'source/name exists'])(
    'what is kept beside an event is asked for beside the filter: %s',
    (text) => {
      const { code, message } = faultOf(text);
      expect(code).toBe('FILTER_MEMBER_UNKNOWN');
      expect(message).toContain('ask with the parameter');
      const quoted = text.replace(/source|tenant/, '`$&`');
      expect(printFilter(treeOf(quoted))).toBe(quoted);
    },
  );

  test('other unknown members, those below them, keys of maps and names in backquotes are taken as they are', () => {
    for (const text of [
      "initiator/project_id = 'x'",
      "requestPath ^= '/v3'",
      "openstack/nmae = 'x'",
      "initiator/credential/assertions/valeu = 'x'",
      "`outcom` = 'x'",
    ])
      expect(treeOf(text)).toBeDefined();
  });

  test.each([
    ['', 1, 'FILTER_SYNTAX'],
    ['(a = 1', 7, 'FILTER_SYNTAX'],
    ['a = 1)', 6, 'FILTER_SYNTAX'],
    ["a = 'x", 5, 'FILTER_SYNTAX'],
    ['a == 1', 3, 'FILTER_SYNTAX'],
    ['a in ()', 7, 'FILTER_SYNTAX'],
    ['a > null', 3, 'FILTER_VALUE_INVALID'],
    ['a = 2026-02-30', 5, 'FILTER_VALUE_INVALID'],
    ['a = 2026-01-01T25:00:00Z', 5, 'FILTER_VALUE_INVALID'],
    ['a = 9007199254740993', 5, 'FILTER_VALUE_INVALID'],
    ["eventTime > 'soon'", 13, 'FILTER_VALUE_INVALID'],
    ["a in cidr('10.0.0.0/33')", 11, 'FILTER_VALUE_INVALID'],
    ["text ~ '...'", 8, 'FILTER_VALUE_INVALID'],
    [`text ~ '"open'`, 8, 'FILTER_VALUE_INVALID'],
    ["name['x'] = 1", 5, 'FILTER_SYNTAX'],
    ["a = '\ud800'", 1, 'FILTER_SYNTAX'],
  ])('%j is refused at column %i', (text, column, code) => {
    expect(faultOf(text)).toMatchObject({ column, code });
  });

  test('text without quotes gets the quoted text as a suggestion', () => {
    expect(faultOf('outcome = failure')).toMatchObject({ column: 11, suggestion: "'failure'" });
  });

  test('long values are cut in messages', () => {
    const message = faultOf(`a = ${'1'.repeat(8000)}x`).message;
    expect(message).toContain(`${'1'.repeat(40)}… is no number`);
    expect(message.length).toBeLessThan(200);
  });

  test('bounds hold: 8 KiB, depth 32, 1,000 items', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}a = 1${')'.repeat(depth)}`;
    const listed = (items: number): string => `a in (${Array.from({ length: items }, () => '1').join(',')})`;
    const long = (bytes: number): string => `a = '${'é'.repeat((bytes - 6) / 2)}'`;
    for (const text of [nested(32), listed(1000), long(8192)]) expect(parseFilter(text).ok).toBe(true);
    expect(faultOf(nested(33))).toMatchObject({ code: 'FILTER_TOO_DEEP', column: 33 });
    expect(faultOf(`${'not '.repeat(33)}a = 1`)).toMatchObject({ code: 'FILTER_TOO_DEEP' });
    expect(faultOf(listed(1001))).toMatchObject({ code: 'FILTER_LIST_TOO_LONG' });
    expect(faultOf(long(8194))).toMatchObject({ code: 'FILTER_TOO_LONG' });
  });
});

describe('a filter that would occupy the engine too long', () => {
  const joined = (count: number, write: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => write(index)).join(' or ');

  test.each([
    ['words', joined(38, (i) => `text ~ 'w${i}'`), 'w37'],
    ['words of one test', `text ~ '${joined(20, (i) => `w${i}`)}'`, 'text ~'],
    ['times at other paths', joined(40, (i) => `x${i} > 2026-01-01T00:00:00Z`), 'x34'],
    ['taxonomies, in brackets', joined(20, (i) => `not (action within 'a${i}')`), "action within 'a12'"],
    ['long paths', joined(20, (i) => `a${i}/b/c/d/e/f/g/h/i/j/k = 'x'`), 'a11/'],
    ['one path of very many names', `x = 1 or a${'/b'.repeat(65)} = 'x'`, 'a/b'],
    [
      'ranges',
      joined(2, (i) => `x${i} in cidr(${Array.from({ length: 300 }, () => "'::1'").join(', ')})`),
      'x1 in',
    ],
    ['paths', joined(200, (i) => `p${i} = 'x'`), 'p187'],
  ])('is refused at the test that is too much: %s', (_, text, place) => {
    const parsed = parseFilter(text);
    if (parsed.ok) throw new Error('it parses');
    expect(parsed.fault.code).toBe('FILTER_TOO_DEAR');
    expect(text.slice(parsed.fault.column - 1)).toContain(place);
  });

  test.each([
    ['many values of a column', joined(300, (i) => `outcome = 'o${i}'`)],
    ['a path through all an event may nest', `a${'/b'.repeat(63)} exists`],
    ['a list', `target/name in (${Array.from({ length: 900 }, (_, i) => `'v${i}'`).join(', ')})`],
    ['a search of 30 words', `text ~ '${Array.from({ length: 30 }, (_, i) => `w${i}`).join(' ')}'`],
  ])('is not: %s', (_, text) => {
    expect(parseFilter(text).ok).toBe(true);
  });
});
