/** What a store gives of what it accepted: the bytes, the choice, in which portions, and until when. */
import fc from 'fast-check';
import { compilePredicate, parseFilter, sqlCondition } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import type { AcceptedQuery, Scope, StoreRecord } from '@cadf-pipeline/event-store';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { testEvent } from '../support/events.ts';
import { accepted, ALL, FROM_START, placesOf, ROOM_MS } from './accepted-events.ts';
import { EVERYONE, opened, record, records } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';
import { AWKWARD } from './store-texts.ts';

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.filter;
}

/** A condition that keeps the engine busy for hours. */
const ENDLESS = '(SELECT sum(cityHash64(number)) FROM numbers(1000000000000)) > 0';

export function describeAccepted({ place: makePlace, store: openStore }: StoreSuite): void {
  describe('accepted events', { timeout: ROOM_MS }, () => {
    it('have exactly the bytes that came, whatever the texts are', async () => {
      const store = await openStore();
      const made = fc.sample(arbitraryEvent, { numRuns: 60, seed: 12 }).map((event) => JSON.stringify(event));
      // Repeated with other ids, so that shapes are used.
      const all = [0, 1, 2, 3].flatMap((copy) =>
        [...Object.values(AWKWARD), ...made].map((text, index) => text.replace('@ID@', `a-${copy}-${index}`)),
      );
      await store.insert(records(0, all));
      const stored = await store.events(EVERYONE, { order: 'asc', limit: 10_000, versions: 'all' });
      const kept = new Set(stored.map(({ offset }) => offset));
      const events = await accepted(store);
      expect(events.map(({ text }) => text.toString())).toEqual(all.filter((_, index) => kept.has(index)));
      expect(events.length).toBeGreaterThan(80);
      expect(events[0]).toMatchObject({
        partition: 0,
        source: 'source-a',
        receivedMs: Date.UTC(2026, 10, 1),
      });
    });

    it('are those of the scope, the tenant, the source, the time and the filter, whatever an event looks like', async () => {
      const store = await openStore();
      await store.own([0, 1]);
      const outcomes = ['success', 'failure', 'pending', '', { odd: 'failure' }, ['failure']];
      const events = Array.from({ length: 240 }, (_, index) =>
        testEvent({
          outcome: outcomes[index % outcomes.length],
          eventTime: new Date(Date.UTC(2026, 9, 1 + (index % 7))).toISOString(),
          attachments: [{ name: `part ${index % 5}`, content: index % 3 }],
        }),
      );
      const made = events.map((event, index) =>
        record(index >> 1, event, {
          partition: index % 2,
          receivedMs: Date.UTC(2026, 10, 1) + Math.floor(index / 20),
          place: index % 20,
          source: `source-${index % 4}`,
          tenants: index % 5 === 0 ? [] : [`t-${index % 3}`],
        }),
      );
      await store.insert(made.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset));
      const offered = async (query: Partial<AcceptedQuery>, scope: Scope = EVERYONE): Promise<string[]> =>
        placesOf(await accepted(store, query, scope));
      const wanted = (passes: (made: StoreRecord, index: number) => boolean): string[] =>
        placesOf(made.filter(passes));
      const filters = [
        "outcome = 'failure'",
        "attachments/name = 'part 3' and not outcome = 'success'",
        "text ~ 'part'",
      ];
      for (const filter of filters.map(filterOf)) {
        const passes = compilePredicate(filter);
        const where = sqlCondition(filter);
        const found = wanted((_, index) => passes(events[index]));
        expect(found.length).toBeGreaterThan(20);
        expect(await offered({ where })).toEqual(found);
        expect(await offered({ where, blockEvents: 7, tenant: 't-1', source: 'source-2' })).toEqual(
          wanted(
            ({ source, tenants }, index) =>
              passes(events[index]) && tenants.includes('t-1') && source === 'source-2',
          ),
        );
      }
      const fromMs = Date.UTC(2026, 9, 4) + 0.5;
      expect(await offered({ fromMs })).toEqual(wanted((_, index) => index % 7 > 3));
      expect(await offered({}, { tenants: ['t-0', 't-2'] })).toEqual(
        wanted(({ tenants }) => tenants.includes('t-0') || tenants.includes('t-2')),
      );
      expect(await offered({ tenant: 't-1' }, { tenants: ['t-0'] })).toEqual([]);
      expect(await offered({}, { tenants: [] })).toEqual([]);
    });

    it('are found across long stretches in which nothing matches', async () => {
      const store = await openStore();
      for (let from = 0; from < 20_000; from += 5000) {
        const events = Array.from({ length: 5000 }, (_, index) => ({
          id: `n-${from + index}`,
          eventTime: '2026-11-01T00:00:00Z',
          outcome: (from + index) % 4999 === 0 ? 'failure' : 'success',
        }));
        // Offsets that are far from each other too.
        await store.insert(records(from * 1000, events));
      }
      const found = await accepted(store, { where: sqlCondition(filterOf("outcome = 'failure'")) });
      expect(found.map(({ text }) => (JSON.parse(String(text)) as { id: string }).id)).toEqual(
        [0, 4999, 9998, 14_997, 19_996].map((number) => `n-${number}`),
      );
      // Where nothing matches it is told all the same how far it is.
      const where = sqlCondition(filterOf("outcome = 'pending'"));
      const reached: number[] = [];
      for await (const block of store.accepted(EVERYONE, { from: FROM_START, upto: ALL, where })) {
        expect(block.events).toEqual([]);
        reached.push(block.reached?.get(0) ?? -1);
      }
      expect(reached.length).toBeGreaterThan(2);
      expect(reached).toEqual([...new Set(reached)].toSorted((a, b) => a - b));
      expect(reached.at(-1)).toBe(15 * 1000 * 1000 + 5 * 1000);
      const all = await accepted(store, { blockEvents: 10_000 });
      expect(all).toHaveLength(20_000);
      expect(all.every(({ offset }, index) => index === 0 || offset > (all[index - 1]?.offset ?? 0))).toBe(
        true,
      );
    });

    it('are read in portions that fit into memory, however large they are', async () => {
      const store = await openStore({ maxMemoryBytes: 100_000_000 });
      await store.own([0, 1]);
      const content = (offset: number): string => String.fromCodePoint(97 + (offset % 20)).repeat(1_000_000);
      for (let from = 0; from < 50; from += 10)
        await store.insert(
          [0, 1].flatMap((partition) =>
            Array.from({ length: 10 }, (_, index) =>
              record(from + index, testEvent({ attachments: [{ content: content(from + index) }] }), {
                partition,
              }),
            ),
          ),
        );
      let count = 0;
      for await (const { events: block } of store.accepted(EVERYONE, { from: FROM_START, upto: ALL })) {
        count += block.length;
        expect(block.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(6_000_000);
        for (const { offset, text } of block) expect(text.includes(content(offset))).toBe(true);
      }
      expect(count).toBe(100);
    });

    it('can be given up, which stops the engine', async () => {
      const place = await makePlace();
      const store = await opened(place, { maxRowsRead: 0, maxBytesRead: 0, maxSeconds: 0 });
      await store.insert(
        records(
          0,
          Array.from({ length: 3000 }, () => testEvent()),
        ),
      );
      const running = async (): Promise<number> => {
        const rows = await place.query(
          `SELECT count() AS count FROM system.processes WHERE query LIKE '%FROM events%' AND query NOT LIKE '%system.processes%'`,
        );
        return Number(rows[0]?.['count']);
      };
      const until = async (count: number): Promise<void> => {
        while ((await running()) !== count) await new Promise((wake) => setTimeout(wake, 20));
      };
      for await (const block of store.accepted(EVERYONE, { from: FROM_START, upto: ALL, blockEvents: 100 })) {
        expect(block.events).toHaveLength(100);
        break;
      }
      await until(0);
      const stop = new AbortController();
      const where = { sql: ENDLESS, params: {} };
      const reading = store.accepted(EVERYONE, { from: FROM_START, upto: ALL, where }, stop.signal);
      const given = expect(reading[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'STORE_CANCELLED',
      });
      await until(1);
      stop.abort();
      await given;
      await until(0);
      await expect(store.positions(new Map([[0, 0]]), 5, stop.signal)).rejects.toMatchObject({
        code: 'STORE_CANCELLED',
      });
      expect(await store.positions(new Map([[0, 2998]]), 5)).toHaveLength(2);
    });
  });
}
