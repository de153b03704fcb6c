/** Queries that do not come to their end: past a limit, or left by their caller. */
import { join } from 'node:path';
import { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEvent } from '../../../../test/support/events.ts';
import { until } from '../../../../test/support/service.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import type { QueryApp } from '../query-app.test-support.ts';
import { SLOW_FILTER, slowEvent } from '../../../../test/support/slow-query.ts';

const AUTHORIZATION = { authorization: 'Bearer root', accept: 'application/x-ndjson' };

test('a query past a limit of the store says which, and how to ask for less', async () => {
  const query = await startQueryApp({ root: {} }, { limits: { maxRowsRead: 10 } });
  await query.insert(Array.from({ length: 100 }, () => JSON.stringify(testEvent())));
  for (const url of ['/cadf/v1/events', '/cadf/v1/events?limit=all']) {
    const answer = await query.app.inject({ url, headers: AUTHORIZATION });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'STORE_LIMIT_ROWS',
      hint: expect.stringContaining('time range'),
    });
  }
  await query.close();
});

const parameters = new URLSearchParams({ filter: SLOW_FILTER });
const selected = { filter: SLOW_FILTER };
/** Hermes bounds what is searched for more tightly. */
const search = Array.from({ length: 70 }, (_, index) => `x${index}.keyword:y`).join(' ');
const sql =
  'SELECT count() FROM events AS a, events AS b, events AS c, events AS d, events AS e, events AS f';

/** Unstopped, a question of so many takes longer than `until` waits. */
const COUNT = 4000;

describe('a caller that goes away ends its query in the engine', () => {
  let query: QueryApp;
  let session: Session;
  let url: string;
  beforeAll(async () => {
    query = await startQueryApp();
    for (let stored = 0; stored < COUNT; stored += 500)
      await query.insert(Array.from({ length: 500 }, () => slowEvent()));
    url = await query.app.listen({ host: '127.0.0.1', port: 0 });
    session = new Session(join(query.path, 'store'));
  }, 60_000);
  afterAll(async () => {
    session.close();
    await query.close();
  });

  test.each<{ what: string; route: string; body?: object }>([
    { what: 'a page', route: `GET /cadf/v1/events?${parameters}&limit=50` },
    { what: 'a whole result', route: `GET /cadf/v1/events?${parameters}&limit=all` },
    { what: 'a count', route: `GET /cadf/v1/count?${parameters}` },
    { what: 'facets', route: `GET /cadf/v1/facets?${parameters}&field=outcome` },
    { what: 'a timeline', route: `GET /cadf/v1/timeline?${parameters}` },
    { what: 'a taxonomy', route: `GET /cadf/v1/taxonomy/actions?${parameters}` },
    { what: 'a list of Hermes', route: `GET /v1/events?${new URLSearchParams({ search })}` },
    { what: 'a page, asked in a body', route: 'POST /cadf/v1/query', body: selected },
    {
      what: 'a whole result, asked in a body',
      route: 'POST /cadf/v1/query',
      body: { ...selected, limit: 'all' },
    },
    { what: 'SQL', route: 'POST /cadf/v1/sql', body: { sql } },
  ])(
    '$what',
    async ({ body, route }) => {
      const running = async (): Promise<number> => {
        const text = `SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE 'store-%'`;
        return Number((await session.queryAsync(text, { format: 'TSV' })).text());
      };
      const [method = '', path = ''] = route.split(' ');
      const leave = new AbortController();
      const answer = fetch(url + path, {
        method,
        headers: { ...AUTHORIZATION, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: leave.signal,
      });
      await until(async () => (await running()) > 0);
      leave.abort();
      await expect(answer).rejects.toThrow('abort');
      await until(async () => (await running()) === 0);
      // A reader is free again.
      expect(await query.store.count({ tenants: '*' }, {})).toBe(COUNT);
    },
    60_000,
  );
});
