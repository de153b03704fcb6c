import fc from 'fast-check';
import { compilePredicate, parseFilter, sqlCondition } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import type {
  AcceptedEvent,
  AcceptedQuery,
  EventStore,
  Scope,
  StoreRecord,
} from '@cadf-pipeline/event-store';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { testEvent } from '../support/events.ts';
import { EVERYONE, opened, record, records } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';
import { AWKWARD } from './store-texts.ts';

const FROM_START: ReadonlyMap<number, number> = new Map();
/** Past every offset of the tests. */
const ALL: ReadonlyMap<number, number> = new Map([0, 1, 2].map((partition) => [partition, 1e9]));

async function accepted(
  store: EventStore,
  query: Partial<AcceptedQuery> = {},
  scope: Scope = EVERYONE,
): Promise<AcceptedEvent[]> {
  const events: AcceptedEvent[] = [];
  const { from, upto, ...asked } = { from: FROM_START, upto: ALL, ...query };
  const next = new Map(from);
  for await (const block of store.accepted(scope, { from, upto, ...asked })) {
    expect(block.events.length).toBeLessThanOrEqual(query.blockEvents ?? 500);
    // Nothing comes of what is said to have been looked through.
    for (const { partition, offset } of block.events) {
      expect(offset).toBeGreaterThanOrEqual(next.get(partition) ?? 0);
      next.set(partition, offset + 1);
    }
    for (const [partition, offset] of block.reached ?? []) {
      expect(offset).toBeGreaterThanOrEqual(next.get(partition) ?? 0);
      expect(offset).toBeLessThanOrEqual(upto.get(partition) ?? 0);
      next.set(partition, offset);
    }
    events.push(...block.events);
  }
  return events;
}

function placesOf(events: readonly { readonly partition: number; readonly offset: number }[]): string[] {
  return events.map(({ partition, offset }) => `${partition}/${offset}`);
}

function isBefore(a: StoreRecord, b: StoreRecord): boolean {
  const keys = ({ receivedMs, place, partition }: StoreRecord) => [receivedMs, place ?? 0, partition];
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.filter;
}

/** The order of acceptance as it is said: of the heads of the partitions the least, again and again. */
function inOrder(stored: readonly StoreRecord[]): StoreRecord[] {
  const queues = Map.groupBy(stored, ({ partition }) => partition);
  for (const queue of queues.values()) queue.sort((a, b) => a.offset - b.offset);
  const order: StoreRecord[] = [];
  for (;;) {
    const heads = [...queues.values()].flatMap(([head]) => head ?? []);
    if (heads.length === 0) return order;
    const least = heads.reduce((best, head) => (isBefore(head, best) ? head : best));
    queues.get(least.partition)?.shift();
    order.push(least);
  }
}

/** For a machine that does much else. */
const ROOM_MS = 180_000;
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

    it('come within a partition by offset, else by receipt, place and partition, wherever one goes on', async () => {
      const store = await openStore();
      await store.own([0, 1, 2]);
      const offsets = [0, 0, 0];
      const row = fc.record({
        partition: fc.nat(2),
        gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5000) }),
        receivedMs: fc.nat(6).map((ms) => Date.UTC(2026, 10, 1) + ms),
        place: fc.nat(3),
        tenant: fc.constantFrom('t-1', 't-2'),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { minLength: 1, maxLength: 60 }),
          fc.array(fc.tuple(fc.nat(2), fc.nat(60)), { maxLength: 6 }),
          fc.integer({ min: 1, max: 9 }),
          async (rows, cuts, blockEvents) => {
            const from = new Map(offsets.entries());
            const made = rows.map(({ partition, gap, receivedMs, place, tenant }) => {
              const offset = (offsets[partition] ?? 0) + gap;
              offsets[partition] = offset + 1;
              return record(offset, testEvent(), { partition, receivedMs, place, tenants: [tenant] });
            });
            await store.insert(made);
            const upto = new Map(offsets.entries());
            const order = inOrder(made);
            const whole = await accepted(store, { from, upto, blockEvents });
            expect(placesOf(whole)).toEqual(placesOf(order));
            expect(whole.map(({ place, receivedMs }) => ({ place, receivedMs }))).toEqual(
              order.map(({ place, receivedMs }) => ({ place, receivedMs })),
            );
            // What a reader has taken so far is the next offset of each partition.
            const steps: AcceptedEvent[] = [];
            let next = from;
            for (const [, count] of cuts) {
              const ahead = order.slice(steps.length, steps.length + count);
              const end = new Map(next);
              for (const { partition, offset } of ahead) end.set(partition, offset + 1);
              steps.push(...(await accepted(store, { from: next, upto: end, blockEvents })));
              next = end;
            }
            steps.push(...(await accepted(store, { from: next, upto, blockEvents })));
            expect(placesOf(steps)).toEqual(placesOf(order));
            // Cuts anywhere change the order between partitions only.
            const pieces: AcceptedEvent[] = [];
            next = from;
            for (const [partition, count] of cuts) {
              const end = new Map(next);
              end.set(partition, Math.min(upto.get(partition) ?? 0, (next.get(partition) ?? 0) + count));
              pieces.push(...(await accepted(store, { from: next, upto: end }, { tenants: ['t-1'] })));
              next = end;
            }
            pieces.push(...(await accepted(store, { from: next, upto }, { tenants: ['t-1'] })));
            const wanted = order.filter(({ tenants }) => tenants.includes('t-1'));
            for (const partition of [0, 1, 2])
              expect(placesOf(pieces.filter((event) => event.partition === partition))).toEqual(
                placesOf(wanted.filter((event) => event.partition === partition)),
              );
          },
        ),
        { numRuns: 6 },
      );
    });

    it('are the positions that positions() tells, at most so many of each partition', async () => {
      const store = await openStore();
      await store.own([0, 1]);
      const id = 'again';
      const repeated = [testEvent({ id }), testEvent({ id }), testEvent()];
      await store.insert([
        ...[0, 4, 5, 9].map((offset) => record(offset, testEvent())),
        ...[2, 3, 7].map((offset, index) => record(offset, repeated[index], { partition: 1 })),
      ]);
      const positions = async (from: readonly (readonly [number, number])[], limit: number) =>
        placesOf(await store.positions(new Map(from), limit));
      // The repetition has no row.
      expect(
        await positions(
          [
            [0, 0],
            [1, 0],
          ],
          100,
        ),
      ).toEqual(['0/0', '0/4', '0/5', '0/9', '1/2', '1/7']);
      expect(
        await positions(
          [
            [1, 3],
            [0, 5],
          ],
          1,
        ),
      ).toEqual(['0/5', '1/7']);
      expect(
        await positions(
          [
            [0, 10],
            [1, 8],
            [2, 0],
          ],
          5,
        ),
      ).toEqual([]);
      expect(await positions([], 5)).toEqual([]);
      expect(placesOf(await accepted(store)).toSorted()).toEqual(
        await positions(
          [
            [0, 0],
            [1, 0],
          ],
          100,
        ),
      );
      expect(placesOf(await accepted(store, { from: new Map([[0, 5]]), upto: new Map([[0, 9]]) }))).toEqual([
        '0/5',
      ]);
      await expect(store.positions(new Map(), 0)).rejects.toThrow('limit must be 1 to 100000');
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
