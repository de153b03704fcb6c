import { anchorsOf, compilePredicate, parseFilter } from '@cadf-pipeline/event-filter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryEventText } from '../../../test/support/arbitrary-event-text.ts';
import { arbitraryFilterText } from '../../../test/support/arbitrary-filter.ts';
import { createReadingIndex } from './reading-index.ts';
import type { IndexedReading } from './indexed-reading.ts';
import { TailedEvent } from './tailed-event.ts';

const tenants = fc.subarray(['*', 't1', 't2', 't3']);
const reading = fc.record({
  filter: fc.option(arbitraryFilterText, { nil: undefined }),
  tenants: fc.oneof(fc.constant('*' as const), tenants),
  source: fc.option(fc.constantFrom('nova', 'keystone'), { nil: undefined }),
  isRemoved: fc.boolean(),
});
const event = fc.record({
  text: arbitraryEventText,
  tenants,
  source: fc.constantFrom('nova', 'keystone', 'x'),
});

test('each event is offered to every reading that it is for, once, and to none that was removed', () => {
  fc.assert(
    fc.property(
      fc.array(reading, { minLength: 1, maxLength: 12 }),
      fc.array(event, { minLength: 5, maxLength: 5 }),
      (readings, events) => {
        const index = createReadingIndex();
        const offered = new Map<IndexedReading, TailedEvent[]>();
        const all = readings.flatMap((each) => {
          const parsed = each.filter === undefined ? undefined : parseFilter(each.filter);
          if (parsed?.ok === false) return [];
          const one: IndexedReading = {
            anchors: parsed === undefined ? undefined : anchorsOf(parsed.filter),
            source: each.source,
            offer: (given) => offered.set(one, [...(offered.get(one) ?? []), given]),
          };
          index.set(one, each.tenants);
          const passes = parsed === undefined ? () => true : compilePredicate(parsed.filter);
          return [{ ...each, one, passes }];
        });
        for (const { one, isRemoved } of all) if (isRemoved) index.remove(one);
        const given = events.map((each, offset) => {
          const text = Buffer.from(each.text('e-1'));
          return new TailedEvent({ ...each, text, offset, partition: 0, receivedMs: 0, place: 0 });
        });
        for (const each of given) index.dispatch(each);
        for (const { one, passes, source, isRemoved, tenants: wanted } of all) {
          const got = offered.get(one) ?? [];
          expect(new Set(got).size).toBe(got.length);
          if (isRemoved) expect(got).toEqual([]);
          const due = given.filter(
            (each) =>
              !isRemoved &&
              (source === undefined || each.source === source) &&
              (wanted === '*' || each.tenants.some((tenant) => wanted.includes(tenant))) &&
              passes(each.event),
          );
          expect(got).toEqual(expect.arrayContaining(due));
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('what an event costs does not grow with readings of other keys, tenants and sources', () => {
  const index = createReadingIndex();
  let offers = 0;
  for (let at = 0; at < 3_000; at++) {
    const parsed = parseFilter(`initiator/id = 'user-${at}' and outcome = 'failure'`);
    if (!parsed.ok) throw new Error(parsed.fault.message);
    index.set(
      {
        anchors: anchorsOf(parsed.filter),
        source: at % 3 === 0 ? `source-${at}` : undefined,
        offer: () => void (offers += 1),
      },
      at % 2 === 0 ? '*' : [`tenant-${at}`],
    );
  }
  const text = Buffer.from('{"outcome":"failure","initiator":{"id":"user-4"}}');
  index.dispatch(
    new TailedEvent({
      partition: 0,
      offset: 0,
      receivedMs: 0,
      place: 0,
      source: 'source-9',
      tenants: ['tenant-5'],
      text,
    }),
  );
  expect(offers).toBe(1);
});
