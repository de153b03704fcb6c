/**
 * What is followed, with interruptions wherever they come, is what the store says was accepted: the same events with the
 * same bytes in the same order, nothing missing, nothing twice.
 */
import { parseFilter, sqlCondition } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import type { AcceptedQuery, EventStore, Scope } from '@cadf-pipeline/event-store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryEventText } from '../../../test/support/arbitrary-event-text.ts';
import { arbitraryFilterText } from '../../../test/support/arbitrary-filter.ts';
import { placeOfWork } from './event-tail.test-support.ts';
import type { TailPlaceOfWork } from './event-tail.test-support.ts';
import type { EventTail, FollowOptions, TailPlace } from './interface.ts';

const PARTITIONS = 3;
const TENANTS = ['t1', 't2', 't3'];
const SOURCES = ['nova', 'keystone'];

const tenants = fc.subarray(TENANTS);
const submission = fc.record({
  kind: fc.constant('submit' as const),
  // Few ids: repetitions and versions of one event are frequent.
  events: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), arbitraryEventText), {
    minLength: 1,
    maxLength: 8,
  }),
  tenants,
  source: fc.constantFrom(...SOURCES),
});
const write = fc.record({ kind: fc.constant('write' as const), partitions: fc.subarray([0, 1, 2]) });
const step = fc.oneof({ weight: 2, arbitrary: submission }, { weight: 1, arbitrary: write });
const asked = fc.record(
  {
    filter: arbitraryFilterText.map(parsed).filter((filter) => filter !== undefined),
    tenant: fc.constantFrom(...TENANTS),
    source: fc.constantFrom(...SOURCES),
  },
  { requiredKeys: [] },
);
const scenario = fc.record({
  steps: fc.array(step, { minLength: 4, maxLength: 14 }),
  asked,
  scope: fc.oneof(fc.constant('*' as const), tenants),
  maxEvents: fc.integer({ min: 1, max: 6 }),
  /** After how many events the reading breaks off, again and again. */
  breaks: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 8 }),
  fromMs: fc.option(fc.constantFrom(Date.UTC(2026, 10, 1), Date.UTC(1960, 0, 1), 0), { nil: undefined }),
  untilStep: fc.nat({ max: 14 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function parsed(text: string): Filter | undefined {
  const result = parseFilter(text);
  return result.ok ? result.filter : undefined;
}

test('what is followed equals what was accepted', { timeout: 120_000 }, async () => {
  // A clock that stands still: what comes first is waited for, however slow the machine is.
  const work = await placeOfWork(PARTITIONS, () => 5_000_000);
  let receivedMs = 4_999_000;
  await fc.assert(
    fc.asyncProperty(scenario, async (each) => {
      const begin = await work.tail.now();
      const places = [begin.next];
      const stop = new AbortController();
      const following = each.fromMs === undefined ? followOn(work.tail, each, begin, stop.signal) : undefined;
      for (const one of each.steps) {
        if (one.kind === 'write') await work.write(one.partitions);
        else
          await work.submit({
            events: one.events.map(([id, text]) => ({ id: `e-${id}`, json: text(`e-${id}`) })),
            tenants: one.tenants,
            source: one.source,
            receivedMs: ++receivedMs,
          });
        places.push((await work.tail.now()).next);
      }
      await work.write();
      const upto = (await work.tail.now()).next;
      const until = places[Math.min(each.untilStep, places.length - 1)] ?? upto;
      stop.abort();
      const start: TailPlace =
        each.fromMs === undefined ? begin : { ...begin, backfill: { fromMs: each.fromMs, until } };
      const first = (await following) ?? { texts: [], place: start };
      const rest = await followOn(work.tail, each, first.place, new AbortController().signal, upto);
      const wanted = await accepted(work, each, { from: begin.next, upto }, until);
      expect([...first.texts, ...rest.texts]).toEqual(wanted);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

/** Follows and breaks off, and goes on from where it was. */
async function followOn(
  tail: EventTail,
  { asked: { filter, tenant, source }, scope, maxEvents, breaks }: Scenario,
  from: TailPlace,
  signal: AbortSignal,
  upto?: FollowOptions['upto'],
): Promise<{ readonly texts: readonly string[]; readonly place: TailPlace }> {
  const texts: string[] = [];
  let place = from;
  for (const count of [...breaks, Infinity]) {
    let left = count;
    const options: FollowOptions = {
      from: place,
      scope: () => ({ tenants: scope }),
      signal,
      maxEvents,
      ...(filter === undefined ? {} : { filter }),
      ...(tenant === undefined ? {} : { tenant }),
      ...(source === undefined ? {} : { source }),
      ...(upto === undefined ? {} : { upto }),
    };
    for await (const batch of tail.follow(options)) {
      const given = batch.events.slice(0, left);
      texts.push(...given.map(({ text, partition, offset }) => `${partition}-${offset} ${text.toString()}`));
      left -= given.length;
      place = given.length === batch.events.length ? batch.place : batch.placeAfter(given.length - 1);
      if (left === 0) break;
    }
    if (signal.aborted) break;
  }
  return { texts, place };
}

async function accepted(
  { store }: TailPlaceOfWork,
  { asked: { filter, tenant, source }, scope: tenantsOf, fromMs }: Scenario,
  range: Pick<AcceptedQuery, 'from' | 'upto'>,
  until: ReadonlyMap<number, number>,
): Promise<readonly string[]> {
  const scope: Scope = { tenants: tenantsOf };
  const query: AcceptedQuery = {
    ...range,
    ...(filter === undefined ? {} : { where: sqlCondition(filter) }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(source === undefined ? {} : { source }),
  };
  const all = await textsOf(store, scope, query);
  if (fromMs === undefined) return all.map(({ name }) => name);
  const late = new Set((await textsOf(store, scope, { ...query, fromMs })).map(({ name }) => name));
  return all
    .filter(({ name, partition, offset }) => offset >= (until.get(partition) ?? 0) || late.has(name))
    .map(({ name }) => name);
}

async function textsOf(
  store: EventStore,
  scope: Scope,
  query: AcceptedQuery,
): Promise<readonly { readonly name: string; readonly partition: number; readonly offset: number }[]> {
  const found = [];
  for await (const { events } of store.accepted(scope, query))
    for (const { partition, offset, text } of events)
      found.push({ name: `${partition}-${offset} ${text.toString()}`, partition, offset });
  return found;
}
