/** In which order a store gives what it accepted, and at which positions it says it holds events. */
import fc from 'fast-check';
import type { AcceptedEvent, StoreRecord } from '@cadf-pipeline/event-store';
import { describe, expect, it } from 'vitest';
import { testEvent } from '../support/events.ts';
import { accepted, placesOf, ROOM_MS } from './accepted-events.ts';
import { record } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

function isBefore(a: StoreRecord, b: StoreRecord): boolean {
  const keys = ({ receivedMs, place, partition }: StoreRecord) => [receivedMs, place ?? 0, partition];
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
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

export function describeAcceptedOrder({ store: openStore }: StoreSuite): void {
  describe('accepted events', { timeout: ROOM_MS }, () => {
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
  });
}
