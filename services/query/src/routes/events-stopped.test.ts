/** Queries that do not come to their end: past a limit, or left by their caller. */
import { join } from 'node:path';
import { Session } from 'chdb';
import { expect, test } from 'vitest';
import { testEvent } from '../../../../test/support/events.ts';
import { until } from '../../../../test/support/service.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import { SLOW_FILTER, slowEvent } from '../slow-query.test-support.ts';

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

test.each(['50', 'all'])(
  'a caller that goes away ends its query in the engine (limit=%s)',
  async (limit) => {
    const query = await startQueryApp();
    await query.insert(Array.from({ length: 500 }, () => slowEvent()));
    const url = await query.app.listen({ host: '127.0.0.1', port: 0 });
    const session = new Session(join(query.path, 'store'));
    const running = async (): Promise<number> => {
      const sql = `SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE 'store-%'`;
      return Number((await session.queryAsync(sql, { format: 'TSV' })).text());
    };
    const leave = new AbortController();
    const answer = fetch(`${url}/cadf/v1/events?${new URLSearchParams({ filter: SLOW_FILTER, limit })}`, {
      headers: AUTHORIZATION,
      signal: leave.signal,
    });
    await until(async () => (await running()) > 0);
    leave.abort();
    await expect(answer).rejects.toThrow('abort');
    await until(async () => (await running()) === 0);
    // A reader is free again.
    expect(await query.store.count({ tenants: '*' }, {})).toBe(500);
    session.close();
    await query.close();
  },
  60_000,
);
