import { expect, test } from 'vitest';

import { scopeOf } from './principal.ts';
import type { Principal } from './principal.ts';

const base: Principal = { kind: 'key', id: 'k', name: 'K', roles: new Set(['query']), tenants: '*' };

test('the scope is the tenants of the principal, or one of them', () => {
  expect(scopeOf(base)).toEqual({ tenants: '*' });
  expect(scopeOf(base, 't1')).toEqual({ tenants: ['t1'] });
  expect(scopeOf({ ...base, tenants: ['t1', 't2'] })).toEqual({ tenants: ['t1', 't2'] });
  expect(scopeOf({ ...base, tenants: ['t1', 't2'] }, 't2')).toEqual({ tenants: ['t2'] });
  expect(scopeOf({ ...base, tenants: [] })).toEqual({ tenants: [] });
});

test('a tenant beyond the principal is refused, also one called like the sign for all', () => {
  for (const tenant of ['t3', '*', '']) {
    expect(() => scopeOf({ ...base, tenants: ['t1'] }, tenant)).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN_TENANT' }),
    );
  }
  expect(scopeOf(base, '*')).toEqual({ tenants: ['*'] });
});
