import fc from 'fast-check';
import { expect, test } from 'vitest';

import { TENANT_ID_PATTERN } from './entities.ts';
import type { TenantRule } from './entities.ts';
import { createTenantFinder, DEFAULT_TENANT_RULES, MAX_TENANTS_PER_EVENT } from './tenant-rules.ts';
import type { FinderOptions } from './tenant-rules.ts';

const tenantId = new RegExp(TENANT_ID_PATTERN);
const byText = (a = '', b = ''): number => (a < b ? -1 : 1);

const anyone: FinderOptions = { source: 's', sourceType: 'cadf', submitter: '*' };

function find(rules: readonly TenantRule[], event: Readonly<Record<string, string>>, options = anyone) {
  return createTenantFinder(rules, options).tenantsOf((pointer) => event[pointer]);
}

test('the default rules find the projects and domains of initiator, target and observer, each once, sorted', () => {
  expect(
    find(DEFAULT_TENANT_RULES, {
      '/initiator/project_id': 'p2',
      '/initiator/domain_id': 'default',
      '/target/project_id': 'p1',
      '/target/domain_id': 'default',
      '/observer/project_id': '',
    }),
  ).toEqual(['default', 'p1', 'p2']);
  expect(find(DEFAULT_TENANT_RULES, {})).toEqual([]);
  for (const rule of DEFAULT_TENANT_RULES) expect(rule.why).toBeTruthy();
});

test('a rule applies to its source and source type only', () => {
  const rules: readonly TenantRule[] = [
    { id: 'a', path: 'x', source: 's' },
    { id: 'b', path: 'y', sourceType: 'libvirt-audit' },
    { id: 'c', path: 'z', source: 'other' },
  ];
  const event = { '/x': '1', '/y': '2', '/z': '3' };
  expect(find(rules, event)).toEqual(['1']);
  expect(find(rules, event, { ...anyone, source: 'other', sourceType: 'libvirt-audit' })).toEqual(['2', '3']);
  expect(createTenantFinder(rules, anyone).pointers).toEqual(['/x']);
});

test('listed values are mapped and others find nothing; a prefix keeps clouds apart; names are escaped in pointers', () => {
  expect(find([{ id: 'a', path: 'x', values: { one: 't1' } }], { '/x': 'one' })).toEqual(['t1']);
  expect(find([{ id: 'a', path: 'x', values: { one: 't1' } }], { '/x': 'two' })).toEqual([]);
  expect(find([{ id: 'a', path: 'x', values: { one: 't1' } }], { '/x': 'constructor' })).toEqual([]);
  expect(find([{ id: 'a', path: 'x', prefix: 'eu:' }], { '/x': '7' })).toEqual(['eu:7']);
  expect(find([{ id: 'a', path: 'a~b/c' }], { '/a~0b/c': '7' })).toEqual(['7']);
});

test('the tenants of a source are those of events in which no rule finds one', () => {
  const options = { ...anyone, fallback: ['b', 'a'] };
  expect(find(DEFAULT_TENANT_RULES, {}, options)).toEqual(['a', 'b']);
  expect(find(DEFAULT_TENANT_RULES, { '/initiator/project_id': 'p' }, options)).toEqual(['p']);
  expect(find(DEFAULT_TENANT_RULES, { '/initiator/project_id': '*' }, options)).toEqual(['a', 'b']);
});

test('what a key bound to tenants submits belongs to exactly those, whatever the event says', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom('a', 'b', 'c')), fc.string(), (own, planted) => {
      const finder = createTenantFinder(DEFAULT_TENANT_RULES, { ...anyone, fallback: ['z'], submitter: own });
      expect(finder.tenantsOf(() => planted)).toEqual(own.toSorted());
      expect(finder.pointers).toEqual([]);
    }),
  );
});

test('values that are no tenant ids find nothing, also when they try to look like several', () => {
  for (const value of ['*', ' a', 'a ', 'a\nb', 'a\u0000b', '\n', 'x'.repeat(257), 'x'.repeat(1_000_000)]) {
    expect(find(DEFAULT_TENANT_RULES, { '/initiator/project_id': value })).toEqual([]);
  }
});

test('for any values the result is the sorted set of the valid ones', () => {
  const value = fc.option(fc.oneof(fc.constantFrom('a', 'b', 'a\nb', '*', ''), fc.string({ maxLength: 5 })), {
    nil: undefined,
  });
  const finder = createTenantFinder(DEFAULT_TENANT_RULES, anyone);
  const pointers = [...finder.pointers];
  fc.assert(
    fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), (values) => {
      const get = (pointer: string): string | undefined => values[pointers.indexOf(pointer)];
      const valid = values.filter((text) => text !== undefined && tenantId.test(text));
      const found = finder.tenantsOf(get);
      expect(found).toEqual([...new Set(valid)].toSorted(byText));
    }),
  );
});

test('an event has a bounded number of tenants', () => {
  const rules = Array.from({ length: 40 }, (_, index) => ({ id: `r${index}`, path: `p${index}` }));
  const event = Object.fromEntries(rules.map((rule, index) => [`/${rule.path}`, `t${index}`]));
  expect(find(rules, event)).toHaveLength(MAX_TENANTS_PER_EVENT);
});
