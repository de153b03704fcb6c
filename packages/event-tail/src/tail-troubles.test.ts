/** Readings whose caller is slow, and readings over a stream or a store that fails. */
import { StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { StoreError } from '@cadf-pipeline/event-store';
import type { EventStore } from '@cadf-pipeline/event-store';
import { setTimeout } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { testEvent } from '../../../test/support/events.ts';
import type { TestEvent } from '../../../test/support/events.ts';
import { ALL, idsOf, placeOfWork, take, workOn } from './event-tail.test-support.ts';
import type { TailPlaceOfWork } from './event-tail.test-support.ts';

function events(count: number, from: number): TestEvent[] {
  return Array.from({ length: count }, (_, index) => testEvent({ id: `e-${from + index}` }));
}

const ids = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `e-${from + index}`);

async function store(work: TailPlaceOfWork, count: number, from: number): Promise<void> {
  await work.submit({ events: events(count, from), receivedMs: 1_000 });
  await work.write();
}

test(
  'a caller that takes nothing while thousands come misses none, from the ring or from the store',
  { timeout: 60_000 },
  async () => {
    const { stream, store: engine } = await placeOfWork();
    let failures = 0;
    const work = workOn(
      stream,
      {
        ...engine,
        async *accepted(...asked) {
          for await (const block of engine.accepted(...asked)) {
            yield block;
            if (failures++ < 2) throw new StoreError('STORE_UNAVAILABLE', 'the engine does not answer');
          }
        },
      },
      1,
    );
    const taken: string[] = [];
    const reading = work.tail.follow({
      from: { next: new Map() },
      scope: () => ALL,
      signal: new AbortController().signal,
      maxEvents: 100,
    });
    await store(work, 10, 0);
    // More than a reading keeps, then more than the process does: these are read from the store, which fails twice.
    let stored = 10;
    for await (const batch of reading) {
      taken.push(...idsOf(batch.events));
      if (stored === 10) {
        for (const count of [3_000, 12_000]) {
          await store(work, count, stored);
          stored += count;
        }
        const upto = (await work.tail.now()).next;
        await take(work.tail, Infinity, { from: { next: new Map([[0, stored - 1]]) }, upto });
      }
      if (taken.length >= stored) break;
    }
    expect(taken).toEqual(ids(15_010));
    expect(failures).toBeGreaterThan(2);
  },
);

test('a stream and a store that fail for a while cost no event, and are told of once', async () => {
  const { stream, store: engine } = await placeOfWork();
  let isBroken = false;
  let cuts = 0;
  const brokenStream: EventStream = {
    ...stream,
    async *read(topic, options) {
      for await (const batch of stream.read(topic, options)) {
        // What was taken from the broker and not given is read again.
        if (cuts-- > 0) throw new StreamError('STREAM_UNAVAILABLE', 'no broker answers');
        yield batch;
      }
    },
  };
  const refuse = (): never => {
    throw new StoreError('STORE_UNAVAILABLE', 'the engine does not answer');
  };
  const brokenStore: EventStore = {
    ...engine,
    positions: (...asked) => (isBroken ? refuse() : engine.positions(...asked)),
    accepted: (...asked) => (isBroken ? refuse() : engine.accepted(...asked)),
  };
  const work = workOn(brokenStream, brokenStore, 1);
  await store(work, 5, 0);
  await take(work.tail, 5);
  const taken = take(work.tail, 30);
  isBroken = true;
  await work.submit({ events: events(10, 5), receivedMs: 1_000 });
  work.tail.stored();
  await vi.waitFor(() => expect(work.said).toHaveLength(1), { timeout: 10_000 });
  const late = take(work.tail, 30);
  isBroken = false;
  await work.write();
  await vi.waitFor(() => expect(work.said).toHaveLength(2), { timeout: 10_000 });
  cuts = 2;
  await work.submit({ events: events(15, 15), receivedMs: 1_000 });
  await vi.waitFor(() => expect(cuts).toBeLessThan(0), { timeout: 10_000 });
  await work.write();
  expect(idsOf(await taken)).toEqual(ids(30));
  expect(idsOf(await late)).toEqual(ids(30));
  const what = 'the store does not say which events it holds';
  const read = 'events cannot be read from the stream';
  expect(work.said).toEqual([what, read].flatMap((each) => [`${each}, trying again`, `over: ${each}`]));
});

test('a reading waits for a topic and for tables that are not there yet', async () => {
  const { stream, store: engine } = await placeOfWork();
  let isThere = false;
  const lateStream: EventStream = {
    ...stream,
    bounds: (topic) =>
      isThere
        ? stream.bounds(topic)
        : Promise.reject(new StreamError('STREAM_TOPIC_UNKNOWN', 'there is no such topic')),
  };
  const work = workOn(lateStream, engine, 1);
  const from = await work.tail.now();
  expect(from.next).toEqual(new Map());
  const taken = take(work.tail, 3, { from });
  isThere = true;
  await store(work, 3, 0);
  expect(idsOf(await taken)).toEqual(ids(3));
});

test('what left the stream before it was read is given from the store, in its place', async () => {
  const { stream, store: engine } = await placeOfWork();
  const work = workOn(
    {
      ...stream,
      async *read(topic, options) {
        for await (const batch of stream.read(topic, options)) {
          const records = batch.records.filter(({ offset }) => !options.follow || offset < 5 || offset >= 10);
          if (records.length > 0) yield { ...batch, records };
        }
      },
    },
    engine,
    1,
  );
  const taken = take(work.tail, 20);
  await store(work, 5, 0);
  await store(work, 10, 5);
  await store(work, 5, 15);
  expect(idsOf(await taken)).toEqual(ids(20));
});

test(
  'what the store refuses ends the reading after a few tries, and holds up no other',
  { timeout: 60_000 },
  async () => {
    const { stream, store: engine } = await placeOfWork();
    let asked = 0;
    const work = workOn(
      stream,
      {
        ...engine,
        async *accepted(scope, query, signal) {
          if (query.source === 'nova') {
            asked++;
            throw new StoreError('STORE_LIMIT_ROWS', 'It reads more rows than a query may.');
          }
          yield* engine.accepted(scope, query, signal);
        },
      },
      1,
    );
    // More than the process keeps in memory: the first are read from the store.
    await store(work, 12_000, 0);
    const dear = Array.from({ length: 6 }, () => take(work.tail, 1, { source: 'nova' }));
    const others = take(work.tail, 12_000);
    for (const { reason } of await Promise.allSettled(dear).then((all) => all.filter(isRejected)))
      expect(reason).toMatchObject({
        name: 'TailEnded',
        reason: 'refused',
        message: 'It reads more rows than a query may.',
        cause: { code: 'STORE_LIMIT_ROWS' },
      });
    expect(asked).toBe(18);
    expect(await others).toHaveLength(12_000);
    expect(work.said).toEqual([]);
  },
);

test('memory that others use up for some seconds ends no reading', { timeout: 60_000 }, async () => {
  const { stream, store: engine } = await placeOfWork();
  let asked = 0;
  const work = workOn(
    stream,
    {
      ...engine,
      async *accepted(scope, query, signal) {
        if (asked++ < 4) throw new StoreError('STORE_LIMIT_MEMORY', 'There is no more memory.');
        yield* engine.accepted(scope, query, signal);
      },
    },
    1,
  );
  // More than the process keeps in memory: the first are read from the store.
  await store(work, 12_000, 0);
  expect(await take(work.tail, 12_000)).toHaveLength(12_000);
  expect(asked).toBeGreaterThan(4);
});

function isRejected(result: PromiseSettledResult<unknown>): result is PromiseRejectedResult {
  return result.status === 'rejected';
}

test(
  'more events are stored than are asked for at once, and the writers are past all of them: none is lost',
  { timeout: 60_000 },
  async () => {
    const work = await placeOfWork();
    // Those of a tenant that is rare: its reading takes all of them live.
    const from = await work.tail.now();
    const given = take(work.tail, 51, { from, tenant: 't2' });
    for (let at = 0; at < 50_000; at += 1_000) {
      await work.submit({ events: events(999, at), receivedMs: 1_000 });
      await work.submit({ events: events(1, at + 999), tenants: ['t2'], receivedMs: 1_000 });
    }
    // Until all of it is read, and waits.
    await setTimeout(1_500);
    await work.write(undefined, false);
    await work.submit({ events: events(1, 50_000), tenants: ['t2'], receivedMs: 2_000 });
    await work.write();
    expect(idsOf(await given)).toEqual(
      Array.from({ length: 51 }, (_, index) => `e-${Math.min(index * 1_000 + 999, 50_000)}`),
    );
  },
);
