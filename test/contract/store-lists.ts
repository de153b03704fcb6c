import { describe, expect, it } from 'vitest';
import type { EventStore, ListedEvent, ListQuery, Scope } from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import { EVERYONE, opened, record, records } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

const BASE_MS = Date.UTC(2026, 10, 1);
const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');
const NAMES = ['x', 'ä', '', 'X'];

async function inPages(store: EventStore, query: Omit<ListQuery, 'skip'>): Promise<ListedEvent[]> {
  const found: ListedEvent[] = [];
  for (;;) {
    const page = await store.list(EVERYONE, { ...query, skip: found.length });
    found.push(...page);
    if (page.length < query.limit) return found;
  }
}

export function describeLists({ store: openStore, place: makePlace }: StoreSuite): void {
  describe('lists', () => {
    it('hold each merged event once, in the order asked for, whatever the size of the parts', async () => {
      const store = await opened(await makePlace());
      await store.own([0, 1]);
      const all = Array.from({ length: 120 }, (_, i) => ({
        id: `e-${i}`,
        timeMs: BASE_MS + ((i * 7) % 40) * 1000,
        partition: i % 2,
        offset: Math.floor(i / 2),
        name: NAMES[i % 4] ?? '',
      }));
      await store.insert(
        all.map(({ id, name, timeMs, partition, offset }) =>
          record(
            offset,
            testEvent({ id, eventTime: iso(timeMs), outcome: 'pending', ...(name && { name }) }),
            {
              partition,
            },
          ),
        ),
      );
      // A third of them end, some at another time, and come later.
      const ended = all.filter((_, i) => i % 3 === 0);
      const last = ended.map(({ id, name, timeMs }, index) => ({
        id,
        name,
        timeMs: timeMs + (index % 2) * 500,
        partition: 0,
        offset: 60 + index,
      }));
      const finals = ended.map(({ id, name, partition }, index) =>
        testEvent({
          id,
          eventTime: iso(last[index]?.timeMs ?? 0),
          outcome: 'success',
          ...(name && { name }),
          partition,
        }),
      );
      for (const partition of [0, 1]) {
        let offset = 60;
        const here = finals.flatMap((event, index) => {
          if (ended[index]?.partition !== partition) return [];
          const place = last[index];
          if (place !== undefined) Object.assign(place, { partition, offset });
          return [record(offset++, event, { partition })];
        });
        await store.insert(here);
      }
      const seen = [...all.filter((_, i) => i % 3 !== 0), ...last];
      const byPlace = (a: (typeof seen)[0], b: (typeof seen)[0]): number =>
        a.partition - b.partition || a.offset - b.offset;
      const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
      for (const [orderBy, order] of [
        [[{ sql: 'event_time', direction: 'asc' }], (a, b) => a.timeMs - b.timeMs || byPlace(a, b)],
        [[], (a, b) => b.timeMs - a.timeMs || byPlace(b, a)],
        [
          [
            { sql: 'name', direction: 'desc' },
            { sql: 'event_time', direction: 'asc' },
          ],
          (a, b) => bytes(b.name, a.name) || a.timeMs - b.timeMs || byPlace(b, a),
        ],
      ] as readonly [ListQuery['orderBy'], (a: (typeof seen)[0], b: (typeof seen)[0]) => number][]) {
        const sorted = seen.toSorted(order).map(({ id }) => id);
        for (const limit of [7, 50, 1000])
          expect((await inPages(store, { orderBy, limit })).map(({ id }) => id)).toEqual(sorted);
      }
      expect(await store.list(EVERYONE, { orderBy: [], skip: 120, limit: 10 })).toEqual([]);
      expect(await store.count(EVERYONE, {})).toBe(120);
    });

    it('tell what is kept of an event in columns, and its text as it came', async () => {
      const store = await openStore();
      const event = testEvent({ name: 'a "name"', severity: 'HIGH', eventType: 'control' });
      const bare = testEvent({ eventTime: iso(BASE_MS) });
      await store.insert([record(0, event), record(1, bare)]);
      const [first, second] = await store.list(EVERYONE, { orderBy: [], skip: 0, limit: 2 });
      expect(first).toEqual({
        id: event.id,
        source: 'source-a',
        partition: 0,
        offset: 0,
        timeMs: Date.UTC(2026, 10, 1, 12),
        receivedMs: BASE_MS,
        eventType: 'control',
        outcome: 'success',
        severity: 'HIGH',
        name: 'a "name"',
        text: JSON.stringify(event),
      });
      expect(second).toMatchObject({ id: bare.id, severity: '', name: '' });
    });

    it('are found by a condition beside the order', async () => {
      const store = await openStore();
      await store.insert(
        records(
          0,
          ['a', 'b', 'c'].map((id) => testEvent({ id })),
        ),
      );
      const where = { sql: 'id != {which: String}', params: { which: 'b' } };
      for (const orderBy of [[], [{ sql: 'id', direction: 'desc' }]] as const) {
        const found = await store.list(EVERYONE, { orderBy, skip: 0, limit: 10, where });
        expect(found.map(({ id }) => id)).toEqual(['c', 'a']);
      }
    });

    it('show a scope only what is its, in each order', async () => {
      const store = await openStore();
      const tenants = { a: ['tenant-a'], b: ['tenant-b'], ab: ['tenant-a', 'tenant-b'], none: [] };
      await store.insert(
        Object.entries(tenants).map(([id, routed], offset) =>
          record(offset, testEvent({ id, severity: 'low' }), { tenants: routed }),
        ),
      );
      for (const [scope, ids] of [
        ['*', ['a', 'ab', 'b', 'none']],
        [['tenant-a'], ['a', 'ab']],
        [['tenant-x'], []],
        [[], []],
      ] as readonly [Scope['tenants'], readonly string[]][]) {
        for (const orderBy of [[], [{ sql: 'received', direction: 'asc' }]] as const) {
          const found = await store.list({ tenants: scope }, { orderBy, skip: 0, limit: 10 });
          expect(found.map(({ id }) => id).sort()).toEqual(ids);
        }
        const bySource = await store.severities({ tenants: scope }, { by: 'source', of: ['source-a', 'x'] });
        expect(bySource.get('source-a')?.low).toBe(ids.length);
        expect(bySource.get('x')).toEqual({ low: 0, medium: 0, high: 0, critical: 0 });
      }
      const onlyA = { tenants: ['tenant-a'] };
      const both = { by: 'tenant', of: ['tenant-a', 'tenant-b'] } as const;
      expect([...(await store.severities(EVERYONE, both)).values()].map(({ low }) => low)).toEqual([2, 2]);
      expect([...(await store.severities(onlyA, both)).values()].map(({ low }) => low)).toEqual([2, 0]);
    });

    it('count severities of merged events, whatever their case', async () => {
      const store = await openStore();
      const make = (id: string, severity: unknown, outcome = 'success'): unknown =>
        testEvent({ id, severity, outcome });
      await store.insert(
        records(0, [
          make('1', 'low', 'pending'),
          make('1', 'Critical'),
          make('2', 'CRITICAL', 'pending'),
          make('3', 'medium'),
          make('4', 'normal'),
          make('5', undefined),
          make('6', 'High'),
        ]),
      );
      const counted = await store.severities(EVERYONE, { by: 'source', of: ['source-a'] });
      expect(counted.get('source-a')).toEqual({ low: 0, medium: 1, high: 1, critical: 2 });
    });

    it('count the different values of an expression, merged and as far as the scope reaches', async () => {
      const store = await openStore();
      const make = (id: string, action: string, outcome = 'success'): unknown =>
        testEvent({ id, action, outcome });
      await store.insert([
        ...records(
          0,
          [
            make('1', 'read', 'pending'),
            make('1', 'update'),
            make('2', 'ä'),
            make('3', 'update'),
            make('4', 'a'),
          ],
          { tenants: ['tenant-a'] },
        ),
        ...records(5, [make('5', 'b'), make('6', '')], { tenants: ['tenant-b'] }),
      ]);
      const scopeA = { tenants: ['tenant-a'] };
      const query = { sql: 'action', limit: 10 };
      expect(await store.values(EVERYONE, query)).toEqual([
        { value: 'update', count: 2 },
        { value: 'a', count: 1 },
        { value: 'b', count: 1 },
        { value: 'ä', count: 1 },
      ]);
      expect((await store.values(scopeA, query)).map(({ value }) => value)).toEqual(['update', 'a', 'ä']);
      expect(await store.values(EVERYONE, { ...query, limit: 1 })).toHaveLength(1);
      expect(await store.values(scopeA, { ...query, tenant: 'tenant-b' })).toEqual([]);
      expect(await store.values({ tenants: [] }, query)).toEqual([]);
      expect(await store.values(EVERYONE, { sql: 'observer_type', limit: 9 })).toEqual([
        { value: 'service/compute', count: 6 },
      ]);
      for (const limit of [0, 20_001])
        await expect(store.values(EVERYONE, { sql: 'action', limit })).rejects.toThrow(RangeError);
    });

    it('name the tenants that events are of, as far as the scope reaches', async () => {
      const store = await openStore();
      const odd = 'o\u001fd\u001ed ö';
      const sets = [['b', 'a'], ['c'], [], [odd], ['a']];
      await store.insert(sets.map((tenants, offset) => record(offset, testEvent(), { tenants })));
      expect(await store.tenantsSeen(EVERYONE, 10)).toEqual(['a', 'b', 'c', odd]);
      expect(await store.tenantsSeen(EVERYONE, 2)).toEqual(['a', 'b']);
      expect(await store.tenantsSeen({ tenants: ['a', 'x', odd] }, 10)).toEqual(['a', odd]);
      expect(await store.tenantsSeen({ tenants: [] }, 10)).toEqual([]);
    });

    it('refuse what is out of bounds', async () => {
      const store = await openStore();
      for (const [skip, limit] of [
        [0, 0],
        [0, 20_001],
        [-1, 1],
        [0.5, 1],
      ] as const)
        await expect(store.list(EVERYONE, { orderBy: [], skip, limit })).rejects.toThrow(RangeError);
      await expect(store.tenantsSeen(EVERYONE, 0)).rejects.toThrow(RangeError);
      const of = Array.from({ length: 1001 }, (_, i) => `s-${i}`);
      await expect(store.severities(EVERYONE, { by: 'source', of })).rejects.toThrow(RangeError);
    });
  });
}
