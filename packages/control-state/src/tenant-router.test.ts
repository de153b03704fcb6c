import { expect, test } from 'vitest';

import { openTestStream, startTestState } from './control-state.test-support.ts';
import { createTenantRouter } from './tenant-router.ts';

test('stored rules replace the default ones as soon as there are any, and their changes hold for the next request', async () => {
  const { state } = await startTestState({ stream: await openTestStream() });
  const router = createTenantRouter(state);
  const source = { id: 's', type: 'cadf' };
  const event: Readonly<Record<string, string>> = { '/initiator/project_id': 'p', '/owner': 'o' };
  const find = (): readonly string[] =>
    router.finderFor(source, { tenants: '*' }).tenantsOf((pointer) => event[pointer]);
  expect(find()).toEqual(['p']);
  expect(router.finderFor(source, { tenants: '*' })).toBe(router.finderFor(source, { tenants: '*' }));
  const made = await state.change('rule', 'r', { id: 'r', path: 'owner' }, { by: 'x', ifVersion: 0 });
  expect(find()).toEqual(['o']);
  await state.change('rule', 'r', null, { by: 'x', ifVersion: made!.version });
  expect(find()).toEqual(['p']);
});

test('the tenants of a registered source stand in where no rule finds one; a bound key decides for itself', async () => {
  const { state } = await startTestState({ stream: await openTestStream() });
  const router = createTenantRouter(state);
  const definition = { id: 's', type: 'cadf', name: 'S', tenants: ['own'] };
  const source = { id: 's', type: 'cadf', definition };
  expect(router.finderFor(source, { tenants: '*' }).tenantsOf(() => undefined)).toEqual(['own']);
  expect(router.finderFor(source, { tenants: ['a'] }).tenantsOf(() => 'b')).toEqual(['a']);
  expect(router.finderFor(source, { tenants: [] }).tenantsOf(() => 'b')).toEqual([]);
});
