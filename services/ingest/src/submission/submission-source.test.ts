import { expect, test } from 'vitest';
import { submissionSource } from './submission-source.ts';

const key = { kind: 'key', id: 'k1', name: 'k', roles: new Set(['submit'] as const) } as const;

test('a key bound to a source is that source and no other', () => {
  const bound = { ...key, tenants: '*', source: 'keystone-a' } as const;
  expect(submissionSource(bound, undefined)).toBe('keystone-a');
  expect(submissionSource(bound, 'keystone-a')).toBe('keystone-a');
  expect(() => submissionSource(bound, 'keystone-b')).toThrow(/keystone-b/);
});

test('a key bound to tenants is a source of its own', () => {
  const tenantKey = { ...key, tenants: ['t1'] } as const;
  expect(submissionSource(tenantKey, undefined)).toBe('key:k1');
  expect(() => submissionSource(tenantKey, 'keystone-a')).toThrow(/keystone-a/);
});

test("a provider's key names the source, or submits as the default one", () => {
  const provider = { ...key, tenants: '*' } as const;
  expect(submissionSource(provider, undefined)).toBe('default');
  expect(submissionSource(provider, 'region-1')).toBe('region-1');
});

test.each(['', 'a/b', '-a', 'a b', 'é', 'x'.repeat(129)])('%j is no source id', (asked) => {
  expect(() => submissionSource({ ...key, tenants: '*' }, asked)).toThrow(/source/);
});
