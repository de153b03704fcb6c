import { describe, expect, it } from 'vitest';
import type { Scope } from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import { ASCENDING, EVERYONE, record } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

const ROUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['tenant-a'],
  b: ['tenant-b'],
  ab: ['tenant-a', 'tenant-b'],
  none: [],
  "odd's": ["o'dd\\ten\tant ö"],
};

/** Scope, narrowing tenant, ids seen. */
const MATRIX: readonly (readonly [Scope['tenants'], string | undefined, readonly string[]])[] = [
  ['*', undefined, ['a', 'ab', 'b', 'none', "odd's"]],
  ['*', 'tenant-a', ['a', 'ab']],
  ['*', 'tenant-x', []],
  [['tenant-a'], undefined, ['a', 'ab']],
  [['tenant-a', 'tenant-b'], undefined, ['a', 'ab', 'b']],
  [['tenant-a', 'tenant-b'], 'tenant-b', ['ab', 'b']],
  [['tenant-a'], 'tenant-b', []],
  [['tenant-x'], undefined, []],
  [[], undefined, []],
  [[], 'tenant-a', []],
  [["o'dd\\ten\tant ö"], undefined, ["odd's"]],
];

export function describeScopes({ store: openStore }: StoreSuite): void {
  describe('scopes', () => {
    it('show what has one of their tenants, to everyone also what has none', async () => {
      const store = await openStore();
      const routed = Object.entries(ROUTES);
      await store.insert(
        routed.map(([id, tenants], offset) => record(offset, testEvent({ id }), { tenants })),
      );
      for (const [tenants, tenant, ids] of MATRIX) {
        const narrowed = tenant === undefined ? {} : { tenant };
        const page = await store.events({ tenants }, { ...ASCENDING, ...narrowed });
        expect(page.map((event) => event.id).sort(), JSON.stringify([tenants, tenant])).toEqual(ids);
        expect(await store.count({ tenants }, narrowed)).toBe(ids.length);
        expect(await store.count({ tenants }, { ...narrowed, versions: 'all' })).toBe(ids.length);
        if (tenant !== undefined) continue;
        for (const [id] of routed)
          for (const versions of ['all', 'merged'] as const)
            expect(await store.event({ tenants }, id, { versions })).toHaveLength(ids.includes(id) ? 1 : 0);
      }
    });

    it('and one source narrow each other, wherever events are read', async () => {
      const store = await openStore();
      const from = (offset: number, source: string, tenant: string) =>
        record(offset, testEvent({ id: `${offset}` }), { source, tenants: [tenant] });
      await store.insert([
        from(0, 'source-a', 't-1'),
        from(1, 'source-b', 't-1'),
        from(2, 'source-b', 't-2'),
        from(3, "o'dd", 't-1'),
      ]);
      for (const [source, ids] of [
        ['source-b', ['1']],
        ["o'dd", ['3']],
        ['source', []],
      ] as const) {
        const scope = { tenants: ['t-1'] };
        expect((await store.events(scope, { ...ASCENDING, source })).map(({ id }) => id)).toEqual(ids);
        const field = { kind: 'column', sql: 'source' } as const;
        const { total } = await store.facets(scope, { fields: [field], source, top: 10 });
        expect([await store.count(scope, { source }), total]).toEqual([ids.length, ids.length]);
        expect((await store.timeSpan(EVERYONE, { source })) === undefined).toBe(ids.length === 0);
      }
    });

    it('hide a merged event whose final version is not theirs, and do not show the pending one in its place', async () => {
      const store = await openStore();
      await store.insert([record(0, testEvent({ id: 'x', outcome: 'pending' }), { tenants: ['tenant-a'] })]);
      await store.insert([record(1, testEvent({ id: 'x', outcome: 'success' }), { tenants: ['tenant-b'] })]);
      const seen = { tenants: ['tenant-a'] };
      expect(await store.events(seen, ASCENDING)).toEqual([]);
      expect(await store.event(seen, 'x', { versions: 'merged' })).toEqual([]);
      expect(await store.event(seen, 'x', { versions: 'all' })).toHaveLength(1);
      expect(await store.count(seen, {})).toBe(0);
      expect(await store.count(EVERYONE, {})).toBe(1);
    });
  });
}
