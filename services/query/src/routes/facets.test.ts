import { expect, test } from 'vitest';
import { testEvent } from '../../../../test/support/events.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import { createSavedQueries } from '../saved-query/saved-queries.ts';
import { facetRoutes } from './facets.ts';

test('the texts of too many events are not read: how many there are is told, and how to ask of fewer', async () => {
  const saved = createSavedQueries({ get: () => undefined });
  const query = await startQueryApp(
    { root: {} },
    { routes: (app, store) => facetRoutes(app, { saved, store, maxTexts: 3 }) },
  );
  await query.insert(
    ['x', 'x', 'y', 'z'].map((name, at) => JSON.stringify(testEvent({ name, extra: { name, at } }))),
  );
  const { body, status } = await query.json('root', 'facets?field=action&field=extra/name');
  expect(status).toBe(422);
  expect(body).toMatchObject({
    code: 'QUERY_FIELD_TOO_DEAR',
    fields: ['extra/name'],
    count: 4,
    limit: 3,
    hint: expect.stringContaining('Narrow the query by `from`, `to`'),
  });
  const fewer = await query.json('root', "facets?field=extra/name&filter=name!='z'");
  expect(fewer.body).toMatchObject({
    total: 3,
    facets: [
      {
        values: [
          { value: 'x', count: 2 },
          { value: 'y', count: 1 },
        ],
      },
    ],
  });
  await query.close();
});
