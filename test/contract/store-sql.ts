import { describe, expect, it } from 'vitest';
import { testEvent } from '../support/events.ts';
import { A, ask, rows, twoTenants } from './store-of-two-tenants.ts';
import { EVERYONE, opened, record } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

export function describeSql({ place: makePlace, store: openStore }: StoreSuite): void {
  describe('SQL of analysts', () => {
    it('reads events from the first to the last moment the store keeps', async () => {
      const store = await openStore();
      const times = ['1900-01-01T00:00:00.000Z', '2299-06-01T00:00:00.000Z', '2299-12-31T23:59:59.999Z'];
      await store.insert(
        times.map((eventTime, offset) => record(offset, testEvent({ id: `at-${offset}`, eventTime }))),
      );
      const inOrder = 'SELECT id FROM events ORDER BY time';
      expect(await rows(store, EVERYONE, inOrder)).toEqual([['at-0'], ['at-1'], ['at-2']]);
      const far = { fromMs: -Infinity, toMs: Date.UTC(9999, 0, 1) };
      expect(await rows(store, EVERYONE, inOrder, far)).toEqual([['at-0'], ['at-1'], ['at-2']]);
      expect(await rows(store, EVERYONE, inOrder, { fromMs: Date.UTC(9999, 0, 1) })).toEqual([]);
      expect(await store.count(EVERYONE, {})).toBe(3);
    });

    it('reads the merged events of the scope, each once, and no others', async () => {
      const store = await twoTenants(openStore);
      for (const [tenants, ids] of [
        ['*', ['a1', 'a2', 'ab', 'b1', 'done', 'moved', 'none']],
        [['tenant-a'], ['a1', 'a2', 'ab', 'done']],
        [['tenant-b'], ['ab', 'b1', 'moved']],
        [
          ['tenant-a', 'tenant-b'],
          ['a1', 'a2', 'ab', 'b1', 'done', 'moved'],
        ],
        [['tenant-x'], []],
        [[], []],
        [['*'], []],
        [Array.from({ length: 999 }, (_, n) => `tenant-${n}`).concat('tenant-b'), ['ab', 'b1', 'moved']],
      ] as const) {
        const found = await rows(store, { tenants }, 'SELECT id FROM events ORDER BY id');
        expect(found, JSON.stringify(tenants)).toEqual(ids.map((id) => [id]));
        expect(await rows(store, { tenants }, 'SELECT count() FROM events')).toEqual([[ids.length]]);
        const texts = await rows(store, { tenants }, 'SELECT event FROM events ORDER BY id');
        expect(texts.flat().map((text) => (JSON.parse(String(text)) as { id: string }).id)).toEqual(ids);
      }
    });

    it('names of an event only the tenants of the scope', async () => {
      const store = await twoTenants(openStore);
      const sql = "SELECT tenants FROM events WHERE id = 'ab'";
      expect(await rows(store, A, sql)).toEqual([[['tenant-a']]]);
      expect(await rows(store, EVERYONE, sql)).toEqual([[['tenant-a', 'tenant-b']]]);
    });

    it('bounds what is read by time', async () => {
      const store = await twoTenants(openStore);
      const at = Date.UTC(2026, 10, 1);
      expect(
        await rows(store, EVERYONE, 'SELECT id FROM events ORDER BY time', {
          fromMs: at + 1000,
          toMs: at + 3000,
        }),
      ).toEqual([['a2'], ['b1']]);
    });

    it('computes what analysts ask: joins, windows, arrays, sets, named queries, JSON', async () => {
      const store = await twoTenants(openStore);
      for (const [sql, expected] of [
        [
          'SELECT outcome, count() FROM events GROUP BY outcome ORDER BY ALL',
          [
            ['failure', 2],
            ['success', 2],
          ],
        ],
        ["SELECT countIf(outcome = 'failure') / COUNT(*) AS share FROM events", [[0.5]]],
        ["SELECT id FROM events WHERE time >= '2026-11-01 00:00:03' AND id NOT LIKE 'd%'", [['ab']]],
        [
          "WITH f AS (SELECT id, time FROM events WHERE outcome = 'failure') SELECT f.id, e.outcome FROM f JOIN events AS e USING (id) ORDER BY 1",
          [
            ['a2', 'failure'],
            ['ab', 'failure'],
          ],
        ],
        ['WITH 2 AS n, x AS (SELECT id FROM events) SELECT count() * n FROM x', [[8]]],
        [
          'SELECT id, row_number() OVER (PARTITION BY outcome ORDER BY time DESC) AS n FROM events ORDER BY id LIMIT 1',
          [['a1', 2]],
        ],
        [
          "SELECT arrayMap((x, i) -> x || toString(i), ['a', 'b'], [1, 2]), (1, 'b').2, [5, 6][2]",
          [[['a1', 'b2'], 'b', 6]],
        ],
        ['SELECT t FROM events ARRAY JOIN tenants AS t GROUP BY t', [['tenant-a']]],
        [
          "SELECT JSONExtractString(event, 'initiator', 'name') AS who, uniqExact(id) FROM events GROUP BY who",
          [['ada', 4]],
        ],
        [
          "SELECT id FROM events WHERE id IN (SELECT id FROM events WHERE outcome = 'failure') ORDER BY id DESC LIMIT 1",
          [['ab']],
        ],
        ['SELECT * FROM (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 3) ORDER BY x', [[1], [2], [3]]],
        [
          "SELECT if(1 = 1, 'y', 'n'), 1 ? 'y' : 'n', CASE WHEN 1 > 2 THEN 1 ELSE 2 END, - -3, NOT 1, 7 % 4 * 2",
          [['y', 'y', 2, 3, 0, 6]],
        ],
        [
          'SELECT toStartOfInterval(time, INTERVAL 1 DAY) AS d, quantile(0.5)(length(id)) FROM events GROUP BY d',
          [['2026-11-01 00:00:00', 2]],
        ],
        [
          "SELECT CAST('12' AS UInt8) + '3'::Int32, 18446744073709551615, NULL, true, 'a\\'b\n'",
          [[15, Number('18446744073709551615'), null, true, "a'b\n"]],
        ],
        ['SELECT DISTINCT ON (outcome) outcome FROM events ORDER BY outcome LIMIT 1', [['failure']]],
        ["SELECT outcome, count() FROM events GROUP BY outcome WITH ROLLUP HAVING outcome = ''", [['', 4]]],
        ["SELECT count() FROM events /* none */ WHERE id = '--' -- of these", [[0]]],
        [
          "SELECT id FROM events WHERE (id, outcome) IN (('a1', 'success')) AND id BETWEEN 'a' AND 'b'",
          [['a1']],
        ],
        [
          "SELECT a.id FROM events a LEFT ANTI JOIN (SELECT id FROM events WHERE outcome = 'failure') b ON a.id = b.id ORDER BY 1",
          [['a1'], ['done']],
        ],
        ['SELECT * EXCEPT (time) FROM (SELECT id, time FROM events) ORDER BY id LIMIT 1, 1', [['a2']]],
      ] as const)
        expect(await rows(store, A, sql), sql).toEqual(expected);
    });

    it('binds parameters in the engine, never as text', async () => {
      const store = await twoTenants(openStore);
      const params = { id: "a1' OR 1 = 1 --", ids: ['a1', "x') UNION ALL SELECT 'y"], n: 2, none: null };
      expect(
        await rows(
          store,
          A,
          'SELECT id, {n: UInt8}, {none: Nullable(String)} FROM events WHERE id = {id: String} OR id IN {ids: Array(String)}',
          { params },
        ),
      ).toEqual([['a1', 2, null]]);
      for (const [sql, given] of [
        ['SELECT {a: String}', {}],
        ['SELECT 1', { a: 1 }],
        ['SELECT {a: UInt8}', { a: 'x' }],
        ['SELECT {a: UInt8}, {a: String}', { a: 1 }],
        ['SELECT {a: String}', { a: 'x'.repeat(100_001) }],
        ['SELECT {toString: String}', {}],
      ] as const)
        await expect(ask(store, A, sql, { params: given }), sql).rejects.toMatchObject({ kind: 'invalid' });
    });

    it('says what cut the rows off, and what columns there are', async () => {
      const store = await twoTenants(openStore);
      const sql = 'SELECT id, time, length(id) AS n FROM events ORDER BY id DESC';
      expect(await ask(store, A, sql, { maxRows: 2 })).toEqual({
        columns: [
          { name: 'id', type: 'String' },
          { name: 'time', type: "DateTime64(3, 'UTC')" },
          { name: 'n', type: 'UInt64' },
        ],
        rows: ['["done", "2026-11-01 00:00:08.000", 4]', '["ab", "2026-11-01 00:00:03.000", 2]'],
        cut: 'rows',
      });
      expect(await ask(store, A, sql, { maxRows: 4 })).not.toHaveProperty('cut');
      expect(await ask(store, A, sql, { maxBytes: 50 })).toMatchObject({ rows: { length: 1 }, cut: 'bytes' });
      expect(await ask(store, A, 'SELECT id FROM events WHERE 0')).toEqual({
        columns: [{ name: 'id', type: 'String' }],
        rows: [],
      });
      const large = await ask(store, A, "SELECT repeat('x', 70000) FROM (SELECT arrayJoin(range(1000)))");
      expect([large.cut, large.rows.length]).toEqual(['bytes', 14]);
      const one = await ask(store, A, "SELECT repeat('x', 1000000), repeat('y', 1000000)");
      expect([one.cut, one.rows.length]).toEqual(['bytes', 0]);
    });

    it('says where a fault is', async () => {
      const store = await twoTenants(openStore);
      for (const [sql, position] of [
        ['SELECT id\nFROM nowhere', { offset: 15, line: 2, column: 6 }],
        ['SELECT id FROM events WHERE nosuch = 1', { offset: 28, line: 1, column: 29 }],
        ['SELECT id FROM events WHERE', { offset: 27, line: 1, column: 28 }],
      ] as const)
        await expect(ask(store, A, sql), sql).rejects.toMatchObject({ position });
    });

    it('is bound by the limits of other queries, and stops when it is given up', async () => {
      const place = await makePlace();
      const store = await opened(place, { maxRowsRead: 0, maxBytesRead: 0, maxSeconds: 0 });
      await store.insert(
        Array.from({ length: 200 }, (_, n) => record(n, testEvent(), { tenants: ['tenant-a'] })),
      );
      const endless =
        'SELECT sum(cityHash64(a.id, b.id, c.id, d.id)) FROM events a, events b, events c, events d';
      const abort = new AbortController();
      const given = expect(ask(store, A, endless, {})).rejects.toMatchObject({ name: 'StoreError' });
      const stopped = expect(
        store.sql(A, { sql: endless, params: {}, maxRows: 1, maxBytes: 1 }, abort.signal),
      ).rejects.toMatchObject({ code: 'STORE_CANCELLED' });
      abort.abort();
      await stopped;
      // The other one still runs, and holds up nobody.
      expect(await store.count(EVERYONE, {})).toBe(200);
      await store.close();
      await given;
    });

    it.each([
      ['STORE_LIMIT_ROWS', { maxRowsRead: 3 }, 'SELECT count(name) FROM events WHERE id != name'],
      [
        'STORE_LIMIT_TIME',
        { maxSeconds: 1, maxRowsRead: 0, maxBytesRead: 0 },
        `SELECT sum(cityHash64(a.id)) FROM ${'abcdefghijkl'
          .split('')
          .map((name) => `events ${name}`)
          .join(', ')}`,
      ],
      [
        'STORE_LIMIT_MEMORY',
        { maxMemoryBytes: 5_000_000 },
        'SELECT length(groupArray(x)) FROM (SELECT arrayJoin(range(1000000)) AS x)',
      ],
    ])('ends with %s past it', async (code, limits, sql) => {
      const store = await twoTenants(openStore, limits);
      await expect(ask(store, EVERYONE, sql)).rejects.toMatchObject({
        name: 'StoreError',
        code,
        // No word of the engine's: it may name columns and files.
        message: expect.stringMatching(/^It [a-z ]+: the most is [\w. ]+\.$/) as string,
      });
    });
  });
}
