import { createChdbStore } from '@cadf-pipeline/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chdbBackend } from '../../../test/contract/chdb-backend.ts';
import { EVERYONE, record, storeSuite } from '../../../test/contract/store-suite.ts';
import type { Filter } from './filter.ts';
import { narrowingCondition } from './narrow.ts';
import { parseFilter } from './parse.ts';
import { compilePredicate } from './predicate.ts';
import { printFilter } from './print.ts';

function treeOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.filter;
}

describe('a filter is narrowed', () => {
  test('with its values in parameters only, and only those used', () => {
    const filter = treeOf("outcome = 'x'') OR 1' and (name ~ 'z' or id = 'y') and eventTime >= 2026-11-01");
    expect(narrowingCondition(filter)).toEqual({
      sql: "(((outcome = {filter_0: String}) OR outcome = '') AND (event_time >= fromUnixTimestamp64Milli({filter_2: Int64}, 'UTC')))",
      params: { filter_0: "x') OR 1", filter_2: Date.UTC(2026, 10, 1) },
    });
  });

  test.each([
    "initiator/name = 'root'",
    "text ~ 'x'",
    "outcome = 'x' or target/id = 'y'",
    "not (outcome = 'x' and tags = 'y')",
    "reason/reasonCode = '200'",
    "name = ''",
    'name = null',
    "`reason/reasonCode` = 'x'",
    'eventTime > 1850-01-01',
  ])('by nothing where the columns do not tell: %s', (text) => {
    expect(narrowingCondition(treeOf(text))).toBeUndefined();
  });
});

const texts = [
  'x',
  'X',
  'xy',
  '',
  "it's",
  '\\',
  '{filter_0: String}',
  '200',
  '2e2',
  '-',
  'true',
  'ü😀',
  '\uFFFD',
  '\u001f',
  '\n',
];
const scalar = fc.oneof(
  fc.constantFrom(...texts).map((text) => JSON.stringify(text)),
  fc.constantFrom('2e2', '200', '-0', 'true', 'null', '"\\ud800"', '"\\u0078"'),
);
const member = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }).map((items) => `[${items.join(',')}]`) },
  { weight: 1, arbitrary: scalar.map((value) => `{"x":${value}}`) },
);
const eventTime = fc.constantFrom(
  '2026-11-01T00:00:00.000000+0000',
  '2026-11-01T02:00:00.123456+02:00',
  '2026-10-31T23:59:59.999999Z',
  '1969-12-31T23:59:59.5+00:00',
  '1850-01-01T00:00:00+00:00',
);
const members = fc.record(
  { eventType: member, action: member, outcome: member, severity: member, name: member, reason: member },
  { requiredKeys: [] },
);
const eventText = fc.tuple(eventTime, members, fc.boolean()).map(
  ([time, values, wrapped]) =>
    (index: number): string =>
      `{"id":"e-${index}","eventTime":"${time}"${Object.entries(values)
        .map(([key, value]) =>
          key === 'reason' && wrapped ? `,"reason":{"reasonCode":${value}}` : `,"${key}":${value}`,
        )
        .join('')}}`,
);

const path = fc.constantFrom(
  'eventType',
  'action',
  'outcome',
  'severity',
  'name',
  'reason/reasonCode',
  'id',
  'other',
);
const literal = fc.constantFrom(...texts, 'e-1', 'e-').map((text) => `'${text.replaceAll("'", "''")}'`);
const time = fc.constantFrom(
  '2026-11-01',
  '2026-11-01T00:00:00.123Z',
  '1970-01-01',
  '1900-01-01',
  '2026-10-31T23:59:59.999Z',
);
const question = fc.oneof(
  fc.tuple(path, fc.constantFrom('=', '!=', '^=', '<'), literal).map((parts) => parts.join(' ')),
  fc
    .tuple(path, fc.array(literal, { minLength: 1, maxLength: 3 }))
    .map(([at, values]) => `${at} in (${values.join(', ')})`),
  fc
    .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), time)
    .map(([sign, at]) => `eventTime ${sign} ${at}`),
  fc.array(time, { minLength: 1, maxLength: 2 }).map((times) => `eventTime in (${times.join(', ')})`),
  path.map((at) => `${at} exists`),
);
const filterText = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    question,
    tie('filter').map((inner) => `not (${inner})`),
    fc
      .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
      .map(([left, joint, right]) => `(${left}) ${joint} (${right})`),
  ),
})).filter;

const suite = storeSuite(() => chdbBackend(createChdbStore));

test('the engine leaves out no event that the predicate passes', async () => {
  const events = fc.sample(eventText, { numRuns: 150, seed: 7 }).map((write, index) => write(index));
  const store = await suite.store();
  const inserted = await store.insert(events.map((text, offset) => record(offset, text)));
  expect(inserted.unreadable).toEqual([]);
  let narrowed = 0;
  let left = 0;
  for (const text of fc.sample(filterText, { numRuns: 300, seed: 11 })) {
    const filter = treeOf(text);
    const where = narrowingCondition(filter);
    if (where === undefined) continue;
    narrowed += 1;
    const rows = await store.events(EVERYONE, { order: 'asc', limit: 1000, versions: 'all', where });
    const found = new Set(rows.map((row) => row.id));
    left += events.length - found.size;
    const passes = compilePredicate(filter);
    const lost = events.filter((event, index) => passes(JSON.parse(event)) && !found.has(`e-${index}`));
    expect(lost, printFilter(filter)).toEqual([]);
  }
  // The comparison is of something: many filters are narrowed, and many rows are left out.
  expect(narrowed).toBeGreaterThan(100);
  expect(left).toBeGreaterThan(narrowed * 10);
});
