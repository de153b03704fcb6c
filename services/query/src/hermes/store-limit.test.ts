import { expect, it } from 'vitest';
import { testEvent } from '../../../../test/support/events.ts';
import { startHermesApp, storeRecords } from './hermes-app.test-support.ts';

it('a question past a limit of the store is refused in words that say which', async () => {
  const hermes = await startHermesApp({ callers: { a: { tenants: ['a'] } }, limits: { maxRowsRead: 10 } });
  const events = Array.from({ length: 100 }, () => testEvent());
  await hermes.store.insert(storeRecords(0, ['a'], events));
  const answer = await hermes.get('a', '/v1/events?sort=action');
  await hermes.close();
  expect(answer.status).toBe(422);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.text).toContain('rows');
});
