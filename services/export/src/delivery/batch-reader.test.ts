import type { TailBatch, TailEvent } from '@cadf-pipeline/event-tail';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBatchReader } from './batch-reader.ts';
import type { CollectedBatch } from './batch-reader.ts';

function event(offset: number, bytes = 10): TailEvent {
  return {
    partition: 0,
    offset,
    receivedMs: offset,
    place: 0,
    source: 's',
    text: Buffer.alloc(bytes),
    event: {},
  };
}

/** Batches of these sizes, offsets counted through; the tail's place is behind each, one further than its last event. */
function batchesOf(sizes: readonly (readonly number[])[]): TailBatch[] {
  let offset = 0;
  return sizes.map((bytes) => {
    const events = bytes.map((size) => event(offset++, size));
    const end = ++offset;
    return {
      events,
      place: { next: new Map([[0, end]]) },
      isLive: true,
      placeAfter: (index) => ({ next: new Map([[0, (events[index]?.offset ?? 0) + 1]]) }),
    };
  });
}

async function* give(batches: readonly TailBatch[], pauseMs = 0): AsyncGenerator<TailBatch> {
  for (const batch of batches) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    yield batch;
  }
}

async function all(
  sizes: readonly (readonly number[])[],
  limits: Partial<Parameters<typeof createBatchReader>[1]>,
) {
  const reader = createBatchReader(give(batchesOf(sizes)), {
    maxEvents: 100,
    maxBytes: 1e6,
    maxWaitMs: 1000,
    ...limits,
  });
  const found: CollectedBatch[] = [];
  for (let next = await reader.next(); next !== undefined; next = await reader.next()) found.push(next);
  await reader.close();
  return found;
}

const uptos = (found: readonly CollectedBatch[]): unknown[] => found.map(({ upto }) => upto.next.get(0));
const counts = (found: readonly CollectedBatch[]): number[] => found.map(({ events }) => events.length);

test('small batches of the tail are put together, and a large one is divided', async () => {
  const found = await all([[1], [1], [1, 1, 1, 1]], { maxEvents: 4 });
  expect(counts(found)).toEqual([4, 2]);
  // The place behind the second of the last batch; then that behind the whole of it.
  expect(uptos(found)).toEqual([6, 9]);
});

test('bytes are bounded, but one event may be larger', async () => {
  const found = await all([[30, 100, 30, 30, 30, 10]], { maxBytes: 70 });
  expect(counts(found)).toEqual([1, 1, 2, 2]);
});

test('a place without events is told at once', async () => {
  const found = await all([[], [1], []], {});
  expect(counts(found)).toEqual([0, 1]);
  expect(uptos(found)).toEqual([1, 4]);
});

test('what came is not kept back for longer than it may be', async () => {
  const reader = createBatchReader(give(batchesOf([[1], [1]]), 200), {
    maxEvents: 9,
    maxBytes: 1e6,
    maxWaitMs: 1,
  });
  expect((await reader.next())?.events).toHaveLength(1);
  expect((await reader.next())?.events).toHaveLength(1);
  expect(await reader.next()).toBeUndefined();
});

test('a tail that breaks off breaks the batch off', async () => {
  const broken = (async function* (): AsyncGenerator<TailBatch> {
    yield* batchesOf([[1]]);
    throw new Error('the store is away');
  })();
  const reader = createBatchReader(broken, { maxEvents: 9, maxBytes: 1e6, maxWaitMs: 1000 });
  await expect(reader.next()).rejects.toThrow('the store is away');
});

test('however the tail is cut, every event is in one batch, in order, and each place is right behind its batch', async () => {
  const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 8 }), { maxLength: 8 });
  const limits = fc.record({
    maxEvents: fc.integer({ min: 1, max: 6 }),
    maxBytes: fc.integer({ min: 1, max: 120 }),
  });
  await fc.assert(
    fc.asyncProperty(sizes, limits, async (given, bounds) => {
      const expected = batchesOf(given).flatMap(({ events }) => events.map(({ offset }) => offset));
      const found = await all(given, bounds);
      expect(found.flatMap(({ events }) => events.map(({ offset }) => offset))).toEqual(expected);
      let place = 0;
      for (const { events, upto } of found) {
        const end = upto.next.get(0) ?? 0;
        expect(events.length).toBeLessThanOrEqual(bounds.maxEvents);
        const bytes = events.reduce((sum, { text }) => sum + text.length, 0);
        expect(bytes <= bounds.maxBytes || events.length === 1).toBe(true);
        expect(end).toBeGreaterThanOrEqual(place);
        for (const { offset } of events) expect(offset >= place && offset < end).toBe(true);
        place = end;
      }
    }),
  );
});
