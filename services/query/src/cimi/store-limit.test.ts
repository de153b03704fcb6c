import { expect, it } from 'vitest';
import { record } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startQueryApp } from '../query-app.test-support.ts';

it('a query past a limit of the store is a failed Job that names it', async () => {
  const cimi = await startQueryApp({ a: { tenants: ['a'] } }, { limits: { maxRowsRead: 10 } });
  await cimi.store.insert(
    Array.from({ length: 100 }, (_, i) => record(i, testEvent(), { source: 's', tenants: ['a'] })),
  );
  const url = '/cimi/eventLogs/tenant-a/events?$orderby=name';
  const answer = await cimi.app.inject({ url, headers: { authorization: 'Bearer a' } });
  await cimi.close();
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({ state: 'FAILED', name: 'STORE_LIMIT_ROWS', returnCode: 10_422 });
});
