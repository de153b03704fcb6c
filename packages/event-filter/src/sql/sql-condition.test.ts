import { createChdbStore } from '@cadf-pipeline/event-store';
import type { Condition } from '@cadf-pipeline/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chdbBackend } from '../../../../test/contract/chdb-backend.ts';
import { EVERYONE, record, storeSuite } from '../../../../test/contract/store-suite.ts';
import { arbitraryEventText } from '../../../../test/support/arbitrary-event-text.ts';
import { arbitraryFilterText } from '../../../../test/support/arbitrary-filter.ts';
import type { Filter } from '../filter.ts';
import { parseFilter } from '../parse.ts';
import { compilePredicate } from '../predicate.ts';
import { printFilter } from '../print.ts';
import { sqlCondition } from './sql-condition.ts';

function treeOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.filter;
}

describe('a filter as a condition', () => {
  test('has its values in parameters only, and only those used', () => {
    const filter = treeOf("id = 'x'') OR 1' and eventTime >= 2026-11-01");
    expect(sqlCondition(filter)).toEqual({
      sql: "((id != '' AND (id = {filter_0: String})) AND (event_time >= fromUnixTimestamp64Milli({filter_1: Int64}, 'UTC')))",
      params: { filter_0: "x') OR 1", filter_1: Date.UTC(2026, 10, 1) },
    });
  });

  test('asks the text only of rows whose columns do not decide', () => {
    const { sql, text } = sqlCondition(treeOf("outcome = 'failure'"));
    expect(sql).toBe(
      "((outcome != '' AND (outcome = {filter_0: String})) OR (outcome = '' AND bitAnd(odd, 1) = 1))",
    );
    expect(text?.decided).toBe("((outcome != '' AND (outcome = {filter_0: String})))");
  });

  test.each(['eventTime > 2026-11-01', "not (id ^= 'x' or eventTime exists)", 'id exists'])(
    'needs no text where the columns always decide: %s',
    (filter) => expect(sqlCondition(treeOf(filter)).text).toBeUndefined(),
  );

  test.each(["other = 'x'", "`reason/reasonCode` = 'x'", 'eventTime > 1850-01-01', 'initiator exists'])(
    'is asked of the text alone where no column stands for the path: %s',
    (filter) => expect(sqlCondition(treeOf(filter))).toMatchObject({ sql: '1', text: { decided: '0' } }),
  );
});

const suite = storeSuite(() => chdbBackend(createChdbStore));

test('words or a member of a role take little memory, however many ways lead to what they share', async () => {
  const store = await suite.store({ maxMemoryBytes: 64 * 1024 * 1024 });
  const texts = fc.sample(arbitraryEventText, { numRuns: 400, seed: 5000 });
  await store.insert([...texts, ...texts].map((write, index) => record(index, write(`e-${index}`))));
  for (const filter of ["text ~ 'abc' or target/x = 'q'", "text ~ 'x' or not observer/y >= 1000"]) {
    const passes = compilePredicate(treeOf(filter));
    const expected = texts.filter((write) => passes(JSON.parse(write('e')))).length * 2;
    expect(await store.count(EVERYONE, { where: sqlCondition(treeOf(filter)) }), filter).toBe(expected);
  }
}, 120_000);

/** Each twice, so that forms are learned and both ways of storing are met. */
async function storeEvents(
  texts: readonly ((id: string) => string)[],
  prefix = '',
): Promise<{
  readonly events: readonly string[];
  find(where: Condition): Promise<ReadonlySet<string>>;
}> {
  const events = [...texts, ...texts].map((write, index) => write(`e-${index}`));
  const store = await suite.store();
  const half = events.length / 2;
  const records = events.map((text, offset) => record(offset, text));
  for (const block of [records.slice(0, half), records.slice(half)]) {
    const inserted = await store.insert(block);
    expect(inserted).toMatchObject({ stored: half, unreadable: [] });
  }
  const orderBy = [{ sql: 'offset', direction: 'asc' }] as const;
  return {
    events,
    async find(where) {
      const rows = await store.list(EVERYONE, { orderBy, skip: 0, limit: 10_000, where });
      return new Set(rows.map((row) => row.id.slice(prefix.length)));
    },
  };
}

async function expectSame(
  stored: Awaited<ReturnType<typeof storeEvents>>,
  filters: readonly Filter[],
): Promise<number> {
  const parsed = stored.events.map((event): unknown => JSON.parse(event));
  let passed = 0;
  for (const filter of filters) {
    const found = await stored.find(sqlCondition(filter));
    const passes = compilePredicate(filter);
    const wrong = parsed.flatMap((event, index) =>
      passes(event) === found.has(`e-${index}`) ? [] : [stored.events[index]],
    );
    expect(wrong, printFilter(filter)).toEqual([]);
    passed += found.size;
  }
  return passed;
}

test(
  'the engine finds exactly the events that the predicate passes: 10,000 pairs and more',
  { timeout: 120_000 },
  async () => {
    const seed = Number(process.env['FILTER_SEED'] ?? 7);
    const stored = await storeEvents(fc.sample(arbitraryEventText, { numRuns: 150, seed }));
    const filters = fc.sample(arbitraryFilterText, { numRuns: 40, seed: seed + 1 }).flatMap((text) => {
      const filter = parseFilter(text);
      return filter.ok ? [filter.filter] : [];
    });
    const passed = await expectSame(stored, filters);
    expect(stored.events.length * filters.length).toBeGreaterThan(10_000);
    // The comparison is of something.
    expect(passed).toBeGreaterThan(1000);
  },
);

/** Each stored several times with other ids, so that forms are learned. */
const TRAPS: readonly string[] = [
  '"name":"first\\nsecond \\u0074hird"',
  '"note":"x@ID@y @ID@ /v2/@ID@/z"',
  '"requestPath":"/v2/a@ID@"',
  '"requestPath":"\\u001e\\u0001"',
  '"size":1.50,"big":12345678901234567890,"huge":1e400,"code":2e2',
  '"reason":{"reasonCode":2e2}',
  '"reason":{"reasonCode":200}',
  '"zero":"-0.0"',
  '"nested":{"size":1e20,"needle":"inside"},"zero":0',
  '"nested":[[-1.5E+19,"needle"],999999999999999999e2]',
  '"target":{"id":"u-1","name":"Needle","x":{"size":0.1e20}}',
  '"needle":{"inside":"a needle-like thing","inside":"haystack"}',
  '"initiator":{"id":"target"},"target":{"id":"u-1","name":"Needle"}',
  '"initiatorId":"u-1","observer":{"id":"initiator"}',
  '"target":[{"name":"Needle"},{"name":"x"}]',
  '"tags":["Needle 403","","a\\u001fb"]',
  '"tags":"needle"',
  '"name":"Ⅷ ΝΕΕΔΛΗΣ İ \\ud800"',
  '"outcome":"","name":null,"severity":[]',
];
const ASKED: readonly string[] = [
  'needle',
  'second',
  'nsecond',
  'haystack',
  'inside',
  '200',
  '2e2',
  '50',
  '123456',
  '01t12',
  'trap',
  'atrap',
  'infinity',
  'νεεδλησ',
  '"needle like"',
  'needle thing',
]
  .map((words) => `text ~ '${words}'`)
  .concat(
    "text ~ 'needle' and not text ~ 'like' or size = 1.5",
    "tags ~ 'needle'",
    "target/name ~ 'needle'",
    "initiator/id = 'u-1'",
    "observer/id = 'u-1'",
    'reason/reasonCode = 200',
    "outcome = ''",
    'outcome = null',
    'severity exists',
    "tags in ('', 'x')",
    "requestPath ^= '/v2/a'",
    "big = '12345678901234567000'",
    'huge > 1',
    'size in (-0, 1.5, 7)',
    "reason/reasonCode in (404, 200, '201', 2026-01-01)",
    'zero in (0)',
    "nested/size = '100000000000000000000' or nested < -1e15",
    "target/x/size = '10000000000000000000'",
  );

test(
  'the engine finds exactly the events that the predicate passes: known traps',
  { timeout: 120_000 },
  async () => {
    const stored = await storeEvents(
      [...TRAPS, ...TRAPS].map(
        (members) => (id) =>
          `{"id":"trap-${id}","eventTime":"2026-11-01T12:00:00.123456+0000",${members.replaceAll('@ID@', `trap-${id}`)}}`,
      ),
      'trap-',
    );
    expect(await expectSame(stored, ASKED.map(treeOf))).toBeGreaterThan(100);
  },
);
