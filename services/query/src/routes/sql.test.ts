import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import type { QueryApp } from '../query-app.test-support.ts';

const OUTCOMES = ['success', 'failure', 'pending', 'unknown'];
const NAMES = ['=1+1', '@x', '-5', 'plain, "quoted"\nline', '', 'ö'];

let api: QueryApp;

beforeAll(async () => {
  api = await startQueryApp({
    root: {},
    a: { tenants: ['a'] },
    b: { tenants: ['b'] },
    ab: { tenants: ['a', 'b'] },
    nobody: { tenants: [] },
    submitter: { roles: new Set(['submit']) },
  });
  await api.store.insert(
    Array.from({ length: 240 }, (_, i) => {
      const tenants = [['a'], ['b'], ['a', 'b'], []][i % 4] ?? [];
      // Every fifth is the next version of the one before, of whatever tenants.
      const id = i % 5 === 4 ? `event-${i - 1}` : `event-${i}`;
      return record(
        i,
        testEvent({
          id,
          eventTime: new Date(Date.UTC(2026, 10, 1 + (i % 20))).toISOString(),
          outcome: i % 5 === 3 ? 'pending' : OUTCOMES[i % 4],
          name: NAMES[i % NAMES.length],
          action: i % 3 === 0 ? 'create' : 'authenticate/login',
        }),
        { tenants, receivedMs: Date.UTC(2026, 10, 21) + i },
      );
    }),
  );
});
afterAll(() => api.close());

async function post(
  body: unknown,
  token = 'root',
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const answer = await api.app.inject({
    method: 'POST',
    url: '/cadf/v1/sql',
    headers: { authorization: `Bearer ${token}` },
    payload: body as object,
  });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}

interface Result {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly cut?: string;
}
async function result(body: unknown, token = 'root'): Promise<Result> {
  const { status, text } = await post(body, token);
  expect(status, text).toBe(200);
  return JSON.parse(text) as Result;
}

/** All events a caller reads one page after the other. */
async function eventsOf(token: string): Promise<Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = [];
  let url: string | undefined = '/cadf/v1/events?limit=100';
  while (url !== undefined) {
    const answer = await api.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
    const page = JSON.parse(answer.body) as { events: Record<string, unknown>[]; next?: string };
    events.push(...page.events);
    url = page.next;
  }
  return events;
}

describe('POST /cadf/v1/sql', () => {
  it.each(['root', 'a', 'b', 'ab', 'nobody'])(
    'gives %s the aggregates of the events that GET /cadf/v1/events gives',
    async (token) => {
      const events = await eventsOf(token);
      for (const [column, member] of [
        ['outcome', 'outcome'],
        ['action', 'action'],
        ['name', 'name'],
        ['id', 'id'],
        ["formatDateTime(time, '%F')", 'eventTime'],
        ["JSONExtractString(event, 'outcome')", 'outcome'],
      ] as const) {
        const counts = new Map<string, number>();
        for (const event of events) {
          const value = String(event[member]).slice(0, member === 'eventTime' ? 10 : undefined);
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        const { rows } = await result(
          { sql: `SELECT ${column} AS value, count() FROM events GROUP BY value ORDER BY value` },
          token,
        );
        expect(rows, column).toEqual([...counts].sort(([x], [y]) => (x < y ? -1 : 1)));
      }
      const bounded = events.filter(({ eventTime }) => String(eventTime).slice(0, 10) === '2026-11-05');
      expect(
        (
          await result(
            { sql: 'SELECT count() FROM events', from: '2026-11-05T00:00:00Z', to: '2026-11-06T00:00:00Z' },
            token,
          )
        ).rows,
      ).toEqual([[bounded.length]]);
    },
  );

  it('narrows to one tenant of the caller, and refuses any other', async () => {
    const sql = 'SELECT count() FROM events';
    expect((await result({ sql, tenant: 'a' }, 'ab')).rows).toEqual((await result({ sql }, 'a')).rows);
    expect((await result({ sql, tenant: 'nobody' })).rows).toEqual([[0]]);
    const refused = await post({ sql, tenant: 'b' }, 'a');
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([403, { code: 'FORBIDDEN_TENANT' }]);
    expect((await post({ sql }, 'submitter')).status).toBe(403);
    expect((await post({ sql }, 'stranger')).status).toBe(401);
  });

  it('answers names, types, rows and what cut them off', async () => {
    expect(
      await result({
        sql: 'SELECT {n: UInt64} AS big, [1, 2] AS list, {t: DateTime} AS at, NULL AS none',
        params: { n: '18446744073709551615', t: '2026-11-01 00:00:00' },
      }),
    ).toMatchObject({
      columns: [
        { name: 'big', type: 'UInt64' },
        { name: 'list', type: 'Array(UInt8)' },
        { name: 'at', type: 'DateTime' },
        { name: 'none', type: 'Nullable(Nothing)' },
      ],
    });
    const big = await post({ sql: 'SELECT 18446744073709551615 AS big' });
    expect(big.text).toContain('18446744073709551615');
    const cut = await post({ sql: 'SELECT id FROM events', limit: 3 });
    expect(JSON.parse(cut.text)).toMatchObject({ rows: { length: 3 }, cut: 'rows' });
    expect(cut.headers).toMatchObject({ 'x-result-cut': 'rows' });
  });

  it('answers NDJSON and CSV, where no text begins a formula', async () => {
    const sql =
      'SELECT name AS "=n", count() AS n, -1 AS minus, [\'a\'] AS list FROM events WHERE name IN {names: Array(String)} GROUP BY name ORDER BY name';
    const params = { names: NAMES.slice(0, 5) };
    const csv = await post({ sql, params, format: 'csv' });
    expect(csv.headers['content-type']).toContain('text/csv');
    const lines = csv.text.split('\r\n');
    expect(lines[0]).toBe("'=n,n,minus,list");
    for (const name of ["'=1+1", "'@x", "'-5", '"plain, ""quoted""\nline"', '""'])
      expect(
        lines.some((line) => line.startsWith(`${name},`)),
        name,
      ).toBe(true);
    expect(lines[1]).toMatch(/,-1,"\[""a""\]"$/);
    const ndjson = await post({ sql, params, format: 'ndjson' });
    expect(ndjson.headers['content-type']).toContain('application/x-ndjson');
    const objects = ndjson.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map((object) => object['=n'])).toEqual([...params.names].sort());
    expect(objects[0]).toMatchObject({ minus: -1, list: ['a'] });
  });

  it('says what is wrong and where, and nothing of others', async () => {
    for (const [body, status, problem] of [
      [
        { sql: 'SELECT *\nFROM file(1)' },
        400,
        { code: 'QUERY_SQL_REFUSED', position: { line: 2, column: 6 } },
      ],
      [{ sql: 'SELECT nosuch FROM events' }, 400, { code: 'QUERY_SQL_INVALID', position: { offset: 7 } }],
      [
        { sql: 'SELECT {a: String}' },
        400,
        { code: 'QUERY_SQL_INVALID', detail: 'The parameter a has no value.' },
      ],
      [{ sql: "SELECT toUInt8(name) FROM events WHERE name > ''" }, 400, { code: 'QUERY_SQL_INVALID' }],
      [{ sql: 'SELECT 1', settings: { readonly: 0 } }, 400, { code: 'VALIDATION_FAILED' }],
      [{ sql: 'SELECT 1', params: { 'a; b': 1 } }, 400, {}],
      [{ sql: 'SELECT 1', params: { a: { b: 1 } } }, 400, {}],
      [{ sql: 'SELECT 1', limit: 10_001 }, 400, {}],
      [{ sql: 'SELECT 1', from: 'yesterday' }, 400, { code: 'QUERY_TIME_INVALID' }],
      [{ sql: ['SELECT 1'] }, 400, {}],
      [{}, 400, {}],
    ] as const) {
      const answer = await post(body, 'a');
      const { code, ...rest } = JSON.parse(answer.text) as { code: string };
      expect(answer.status, answer.text).toBe(status);
      expect({
        code: code === 'QUERY_SQL_INVALID' || code.startsWith('QUERY') ? code : 'VALIDATION_FAILED',
        ...rest,
      }).toMatchObject(problem);
    }
  });

  it('answers over a connection, and stops in the engine when the caller goes away', async () => {
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = api.app.server.address() as { port: number };
    const ask = (sql: string, signal?: AbortSignal): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/cadf/v1/sql`, {
        method: 'POST',
        headers: { authorization: 'Bearer root', 'content-type': 'application/json' },
        body: JSON.stringify({ sql }),
        ...(signal && { signal }),
      });
    expect(await (await ask('SELECT 1 AS x')).json()).toMatchObject({ rows: [[1]] });
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `events AS ${name}`).join(', ');
    const caller = new AbortController();
    const asked = ask(`SELECT sum(cityHash64(a.id, b.id)) FROM ${many}`, caller.signal);
    await new Promise((wake) => setTimeout(wake, 300));
    caller.abort();
    await expect(asked).rejects.toThrow();
    // One statement of analysts runs at a time here: this one waits until the other has ended.
    expect((await result({ sql: 'SELECT 1' })).rows).toEqual([[1]]);
  });
});
