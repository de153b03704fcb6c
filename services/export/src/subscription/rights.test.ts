import type { ApiKey, ControlState, Subscription } from '@cadf-pipeline/control-state';
import { expect, test } from 'vitest';
import { createRights } from './rights.ts';
import type { Rights } from './rights.ts';

const NOW = Date.UTC(2026, 10, 1);
const KEY: ApiKey = {
  id: 'k',
  name: 'k',
  hash: 'a'.repeat(64),
  roles: ['export'],
  tenants: ['a', 'b'],
  created: '2026-01-01T00:00:00Z',
};
const OWNER: Subscription['owner'] = { kind: 'key', id: 'k', name: 'k', since: KEY.created };

type Asked = Partial<Pick<Subscription, 'owner' | 'tenant'>>;

function rightsOf(changes: Partial<ApiKey> | null): Rights {
  const versioned = { entity: { ...KEY, ...changes }, version: 1, changedMs: 0, changedBy: 'x' };
  // The control state as far as it is asked: keys by id.
  const get = ((kind: string, id: string) =>
    kind === 'key' && id === 'k' && changes !== null ? versioned : undefined) as ControlState['get'];
  return createRights({ get }, () => NOW);
}

function tenantsOf(changes: Partial<ApiKey> | null, subscription: Asked = {}): unknown {
  const asked = { owner: OWNER, ...subscription };
  const scope = rightsOf(changes).scopeOfOwner(asked);
  expect(rightsOf(changes).refusalOf(asked) === undefined).toBe(scope !== undefined);
  return scope?.tenants;
}

test('it may be given what its owner may read now', () => {
  expect(tenantsOf({})).toEqual(['a', 'b']);
  expect(tenantsOf({ tenants: ['b'] })).toEqual(['b']);
  expect(tenantsOf({ tenants: '*', roles: ['query'] })).toBe('*');
  expect(tenantsOf({ expires: new Date(NOW + 1).toISOString() })).toEqual(['a', 'b']);
});

test('of one tenant it is given that alone, as long as its owner reaches it', () => {
  expect(tenantsOf({}, { tenant: 'a' })).toEqual(['a']);
  expect(tenantsOf({ tenants: '*' }, { tenant: 'a' })).toEqual(['a']);
  expect(tenantsOf({ tenants: ['b'] }, { tenant: 'a' })).toBeUndefined();
  expect(rightsOf({ tenants: ['b'] }).refusalOf({ owner: OWNER, tenant: 'a' })).toContain('the tenant a');
});

test.each([
  ['gone', null, 'is gone'],
  ['revoked', { revoked: '2026-01-02T00:00:00Z' }, 'was revoked'],
  ['expired', { expires: new Date(NOW).toISOString() }, 'has expired'],
  ['expired at no date', { expires: '2026-13-99T99:99:99Z' }, 'has expired'],
  ['another one of the same id', { created: '2026-02-01T00:00:00Z' }, 'is gone'],
  ['without a role that reads', { roles: ['submit' as const, 'admin' as const] }, '`query` and `export`'],
])('nothing where the key is %s, and why', (_, changes, why) => {
  expect(tenantsOf(changes)).toBeUndefined();
  expect(rightsOf(changes).refusalOf({ owner: OWNER })).toContain(why);
});

test('the bootstrap key reads all, and no key of the state can pass for it', () => {
  const owner: Subscription['owner'] = { kind: 'key', id: 'bootstrap', name: 'b' };
  expect(tenantsOf(null, { owner })).toBe('*');
  expect(tenantsOf(null, { owner, tenant: 'a' })).toEqual(['a']);
});
