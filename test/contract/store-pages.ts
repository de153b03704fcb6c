import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventPlace, EventStore, PageQuery } from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import { ASCENDING, EVERYONE, opened, record, records } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

const BASE_MS = Date.UTC(2026, 10, 1);
const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');

async function pages(store: EventStore, query: PageQuery, between?: () => Promise<void>): Promise<string[]> {
  const ids: string[] = [];
  let after: EventPlace | undefined;
  for (;;) {
    const page = await store.events(EVERYONE, { ...query, ...(after === undefined ? {} : { after }) });
    ids.push(...page.map((event) => event.id));
    after = page.at(-1);
    if (page.length < query.limit) return ids;
    await between?.();
  }
}

export function describePages({ store: openStore, place: makePlace }: StoreSuite): void {
  describe('pages', () => {
    it('are in order of time, then partition, then offset, each event once, whatever their size', async () => {
      const store = await opened(await makePlace());
      await store.own([0, 1, 2]);
      // Times repeat, and do not follow arrival.
      const all = Array.from({ length: 300 }, (_, i) => {
        const timeMs = BASE_MS + ((i * 7) % 40) * 1000;
        const place = { timeMs, partition: i % 3, offset: Math.floor(i / 3) };
        const event = testEvent({ id: `e-${i}`, eventTime: iso(timeMs) });
        return { id: event.id, place, record: record(place.offset, event, { partition: place.partition }) };
      });
      await store.insert(all.map((each) => each.record));
      const sorted = all
        .toSorted(
          ({ place: a }, { place: b }) =>
            a.timeMs - b.timeMs || a.partition - b.partition || a.offset - b.offset,
        )
        .map((each) => each.id);
      for (const limit of [1000, 300, 97, 20]) {
        for (const versions of ['merged', 'all'] as const) {
          expect(await pages(store, { order: 'asc', limit, versions })).toEqual(sorted);
          expect(await pages(store, { order: 'desc', limit, versions })).toEqual(sorted.toReversed());
        }
      }
      const page = await store.events(EVERYONE, { order: 'asc', limit: 1 });
      expect(page[0]).toMatchObject({
        id: sorted[0],
        source: 'source-a',
        timeMs: BASE_MS,
        partition: 0,
        offset: 0,
      });
    });

    it('hold the bounds of time: from inclusive, to exclusive', async () => {
      const store = await openStore();
      await store.insert(
        records(
          0,
          [0, 1, 2, 3].map((i) => testEvent({ id: `e-${i}`, eventTime: iso(BASE_MS + i) })),
        ),
      );
      const within = { ...ASCENDING, fromMs: BASE_MS + 1, toMs: BASE_MS + 3 };
      expect((await store.events(EVERYONE, within)).map((event) => event.id)).toEqual(['e-1', 'e-2']);
      expect(await store.count(EVERYONE, within)).toBe(2);
    });

    it('have what happened before 1970 in its place, read first or for the hundredth time', async () => {
      const store = await openStore();
      const times = [
        '2026-11-01T12:00:00Z',
        '0001-01-01T00:00:00Z',
        '1969-12-31T23:59:59Z',
        '1970-01-01T00:00:00Z',
        '9999-12-31T00:00:00Z',
      ];
      for (const [offset, eventTime] of times.entries())
        await store.insert([record(offset, testEvent({ id: `e-${offset}`, eventTime }))]);
      const sorted = ['e-1', 'e-2', 'e-3', 'e-0', 'e-4'];
      // The engine compiles what it computes often.
      for (let again = 0; again < 6; again++) {
        expect(await pages(store, ASCENDING)).toEqual(sorted);
        expect(await pages(store, { order: 'desc', limit: 2 })).toEqual(sorted.toReversed());
      }
    });

    it('stay the same under a snapshot while events arrive and versions change', async () => {
      const store = await openStore();
      const events = Array.from({ length: 60 }, (_, i) =>
        testEvent({ id: `e-${i}`, eventTime: iso(BASE_MS + i), outcome: 'pending' }),
      );
      await store.insert(records(0, events));
      const asOf = await store.snapshot();
      let next = events.length;
      const between = async (): Promise<void> => {
        const fresh = testEvent({ eventTime: iso(BASE_MS + (next % 50)) });
        const changed = { ...events[next % 60], outcome: 'success', at: next };
        await store.insert(records(next, [fresh, changed]));
        next += 2;
      };
      const ids = events.map((event) => event.id);
      expect(await pages(store, { order: 'asc', limit: 7, asOf }, between)).toEqual(ids);
      expect(await pages(store, { order: 'desc', limit: 7, asOf }, between)).toEqual(ids.toReversed());
      expect(next).toBeGreaterThan(70);
    });

    it('are full also where most of what is found was superseded', async () => {
      const store = await openStore();
      const events = Array.from({ length: 500 }, (_, i) =>
        testEvent({ id: `e-${i}`, eventTime: iso(BASE_MS + i), outcome: 'pending' }),
      );
      await store.insert(records(0, events));
      const finals = events
        .slice(0, 480)
        .map((event) => ({ ...event, outcome: 'success', eventTime: iso(BASE_MS - 1000) }));
      await store.insert(records(500, finals));
      const pending = { where: { sql: "outcome = 'pending'", params: {} } };
      const page = await store.events(EVERYONE, { order: 'asc', limit: 10, ...pending });
      expect(page.map((event) => event.id)).toEqual(events.slice(480, 490).map((event) => event.id));
      expect(await store.count(EVERYONE, pending)).toBe(20);
    });

    it('take any condition with its parameters, and values are never read as SQL', async () => {
      const store = await openStore();
      await store.insert([record(0, testEvent())]);
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 12 }), async (name) => {
          const where = {
            sql: '{name: String} = {same: String} AND {list: Array(String)} = [{name: String}]',
            params: { name, same: name, list: [name] },
          };
          expect(await store.count(EVERYONE, { where })).toBe(1);
        }),
        {
          numRuns: 40,
          examples: [
            ["'"],
            ['\\'],
            ["\\'"],
            ['\t\n\r\0\b\f'],
            ["'; DROP TABLE events; --"],
            ['ö😀'],
            [''],
          ].map(([name = '']) => [name] as [string]),
        },
      );
    });

    it('refuse limits out of bounds', async () => {
      const store = await openStore();
      for (const limit of [0, 10_001, 1.5])
        await expect(store.events(EVERYONE, { order: 'asc', limit })).rejects.toThrow(RangeError);
    });
  });
}
