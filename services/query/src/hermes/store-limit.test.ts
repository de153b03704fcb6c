import { expect, it } from 'vitest';
import { records } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startHermesApp } from './hermes-app.test-support.ts';

it('a question past a limit of the store is refused in words that say which', async () => {
  const hermes = await startHermesApp({ a: { tenants: ['a'] } }, { limits: { maxRowsRead: 10 } });
  const events = Array.from({ length: 100 }, () => testEvent());
  await hermes.store.insert(records(0, events, { tenants: ['a'] }));
  const answer = await hermes.get('a', '/v1/events?sort=action');
  await hermes.close();
  expect(answer.status).toBe(422);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.text).toContain('rows');
});
