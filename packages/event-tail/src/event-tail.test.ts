import { parseFilter } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { testEvent } from '../../../test/support/events.ts';
import type { TestEvent } from '../../../test/support/events.ts';
import { ALL, idsOf, placeOfWork, take } from './event-tail.test-support.ts';
import { TailEnded } from './interface.ts';
import type { TailPlace } from './interface.ts';
import { questionOf } from './question.ts';
import { createTailCursors } from './tail-cursors.ts';

function events(count: number, changes: Readonly<Record<string, unknown>> = {}, from = 0): TestEvent[] {
  return Array.from({ length: count }, (_, index) => testEvent({ id: `e-${from + index}`, ...changes }));
}

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.filter;
}

test('gives what was stored before and what comes after, once and in order', async () => {
  const work = await placeOfWork();
  await work.submit({ events: events(700), receivedMs: 1_000 });
  await work.write();
  const taken = take(work.tail, 1_000);
  await work.submit({ events: events(300, {}, 700), receivedMs: 2_000 });
  await work.write();
  expect(idsOf(await taken)).toEqual(Array.from({ length: 1_000 }, (_, index) => `e-${index}`));
});

test('gives an event only when the store holds it, and never a repetition', async () => {
  const work = await placeOfWork();
  const taken = take(work.tail, 3);
  await work.submit({ events: events(2), receivedMs: 1_000 });
  await work.submit({ events: events(1), receivedMs: 2_000 });
  await work.submit({ events: events(1, {}, 2), receivedMs: 3_000 });
  await work.write();
  expect(idsOf(await taken)).toEqual(['e-0', 'e-1', 'e-2']);
});

test('ends at the place of now though the last records are repetitions that the store passed over', async () => {
  const work = await placeOfWork();
  await work.submit({ events: events(2), receivedMs: 1_000 });
  await work.submit({ events: events(2), receivedMs: 2_000 });
  const upto = (await work.tail.now()).next;
  const taken = take(work.tail, Infinity, { upto });
  await work.write();
  expect(idsOf(await taken)).toEqual(['e-0', 'e-1']);
});

test('gives only events of the scope, the tenant, the source and the filter, live as from the past', async () => {
  const work = await placeOfWork();
  const failure = { outcome: 'failure' };
  const submitAll = async (from: number): Promise<void> => {
    await work.submit({ events: events(1, {}, from), receivedMs: 1_000 });
    await work.submit({ events: events(1, failure, from + 1), receivedMs: 1_000 });
    await work.submit({ events: events(1, failure, from + 2), tenants: ['t2'], receivedMs: 1_000 });
    await work.submit({ events: events(1, failure, from + 3), source: 'other', receivedMs: 1_000 });
    await work.submit({ events: events(1, failure, from + 4), tenants: ['t1', 't2'], receivedMs: 1_000 });
    await work.write();
  };
  const asked = {
    scope: () => ({ tenants: ['t1', 't3'] }),
    filter: filterOf("outcome = 'failure'"),
    source: 'nova',
  };
  const taken = take(work.tail, 4, asked);
  const ofTenant = take(work.tail, 4, { ...asked, scope: () => ALL, tenant: 't2' });
  await submitAll(0);
  await submitAll(10);
  expect(idsOf(await taken)).toEqual(['e-1', 'e-4', 'e-11', 'e-14']);
  expect(idsOf(await ofTenant)).toEqual(['e-2', 'e-4', 'e-12', 'e-14']);
});

test('fills in events since a time, then gives all that come', async () => {
  const work = await placeOfWork();
  const old = { eventTime: '2026-10-01T00:00:00Z' };
  await work.submit({ events: [...events(2, old), ...events(2, {}, 2)], receivedMs: 1_000 });
  await work.write();
  const from = await work.tail.since(Date.parse('2026-11-01T00:00:00Z'));
  const taken = take(work.tail, 4, { from });
  await work.submit({ events: [...events(1, old, 4), ...events(1, {}, 5)], receivedMs: 2_000 });
  await work.write();
  expect(idsOf(await taken)).toEqual(['e-2', 'e-3', 'e-4', 'e-5']);
});

test('ends within a moment when the right is gone, and gives nothing after', async () => {
  const work = await placeOfWork();
  let scope: typeof ALL | undefined = ALL;
  const taken: string[] = [];
  const reading = (async () => {
    const from = { next: new Map<number, number>() };
    const { signal } = new AbortController();
    for await (const { events: given } of work.tail.follow({ from, scope: () => scope, signal })) {
      taken.push(...idsOf(given));
      if (taken.length === 2) scope = undefined;
    }
  })();
  const ended = expect(reading).rejects.toThrow(TailEnded);
  await work.submit({ events: events(2), receivedMs: 1_000 });
  await work.write();
  await ended;
  await work.submit({ events: events(2, {}, 2), receivedMs: 2_000 });
  await work.write();
  expect(taken).toEqual(['e-0', 'e-1']);
});

test('rights that change take effect at the next events', async () => {
  const work = await placeOfWork();
  let tenants = ['t1'];
  const taken = take(work.tail, 2, { scope: () => ({ tenants }) });
  const both = async (from: number): Promise<void> => {
    await work.submit({ events: events(1, {}, from), tenants: ['t1'], receivedMs: 1_000 });
    await work.submit({ events: events(1, {}, from + 1), tenants: ['t2'], receivedMs: 1_000 });
    await work.write();
  };
  const others = take(work.tail, 2);
  await both(0);
  await others;
  tenants = ['t2'];
  // Whoever waits at the end is asked again in a while.
  await new Promise((resolve) => setTimeout(resolve, 700));
  await both(10);
  expect(idsOf(await taken)).toEqual(['e-0', 'e-11']);
});

test('a place behind what does not match is told now and then, and is good to go on from', async () => {
  const work = await placeOfWork();
  const asked = { scope: () => ALL, filter: filterOf("name = 'x'") };
  await work.submit({ events: events(3), receivedMs: 1_000 });
  const stop = new AbortController();
  const places: TailPlace[] = [];
  await work.write();
  for await (const batch of work.tail.follow({
    ...asked,
    from: { next: new Map() },
    signal: stop.signal,
    placeEveryMs: 20,
  })) {
    expect(batch.events).toEqual([]);
    places.push(batch.place);
    if (batch.place.next.get(0) === 3) stop.abort();
  }
  const place = places.at(-1) ?? { next: new Map() };
  const cursors = createTailCursors(randomBytes(32));
  const from = cursors.read(cursors.issue(questionOf(asked), place), questionOf(asked));
  if (typeof from === 'string') throw new Error(from);
  await work.submit({ events: events(2, { name: 'x' }, 3), receivedMs: 2_000 });
  await work.write();
  expect(idsOf(await take(work.tail, 2, { ...asked, from }))).toEqual(['e-3', 'e-4']);
});

test('a reading that is closed under its caller ends with `closed`', async () => {
  const work = await placeOfWork();
  const taken = take(work.tail, 1);
  const ended = expect(taken).rejects.toMatchObject({ reason: 'closed' });
  await work.submit({ events: events(1), receivedMs: 1_000 });
  await work.tail.close();
  await ended;
});
