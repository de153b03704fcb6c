import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  EventField,
  EventStore,
  Facet,
  Scope,
  StoredEvent,
  StoreRecord,
} from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import { ASCENDING, EVERYONE, record } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

const DAY = 86_400_000;
const TENANTS = ['tenant-a', 'tenant-b', "o'dd\x1f\x1e^\x1e_ ö"];
const SCOPES: readonly Scope[] = [
  EVERYONE,
  { tenants: ['tenant-a'] },
  { tenants: ['tenant-b', TENANTS[2] ?? ''] },
  { tenants: ['tenant-x'] },
  { tenants: [] },
];
const FIELDS: readonly EventField[] = [
  { kind: 'column', sql: 'outcome' },
  { kind: 'tags' },
  { kind: 'column', sql: 'target_id' },
  { kind: 'tenants' },
];

const value = fc.constantFrom('', 'a', 'b', 'B', "it's\\", 'ü😀', '\x1f', '\x1e_', 'x'.repeat(300));
const arbitraryEvent = fc.record({
  id: fc.integer({ min: 0, max: 15 }),
  timeMs: fc.constantFrom(-40 * DAY - 1, -40 * DAY, -1, 0, 1, DAY - 1, DAY, 20_000 * DAY, 20_000 * DAY + 1),
  outcome: fc.constantFrom('pending', 'success', 'failure', 'pending/ext', 'ü😀'),
  target: value,
  tags: fc.array(value, { maxLength: 3 }),
  tenants: fc.subarray(TENANTS),
});

interface Counted {
  readonly timeMs: number;
  /** By field, each once. */
  readonly values: readonly (readonly string[])[];
}

async function eventsOf(
  store: EventStore,
  scope: Scope,
  versions: 'merged' | 'all',
  records: readonly StoreRecord[],
): Promise<Counted[]> {
  const found = await store.events(scope, { ...ASCENDING, versions });
  return found.map((event: StoredEvent) => {
    const { outcome, tags, target } = JSON.parse(event.text) as {
      outcome: string;
      tags: string[];
      target: { id: string };
    };
    const tenants = records.find(({ offset }) => offset === event.offset)?.tenants ?? [];
    const seen = tenants.filter((tenant) => scope.tenants === '*' || scope.tenants.includes(tenant));
    const values = [[outcome], tags, [target.id], seen].map((list) => [
      ...new Set(list.filter((text) => text !== '')),
    ]);
    return { timeMs: event.timeMs, values };
  });
}

function facetOf(events: readonly Counted[], field: number, top: number): Facet {
  const lists = events.map(({ values }) => values[field] ?? []);
  const counts = new Map<string, number>();
  for (const text of lists.flat()) counts.set(text, (counts.get(text) ?? 0) + 1);
  const first = [...counts]
    .sort((a, b) => b[1] - a[1] || Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])))
    .slice(0, top)
    .map(([text, count]) => ({ value: text, count }));
  const listed = new Set(first.map((one) => one.value));
  return {
    values: first,
    other: lists.filter((list) => list.some((text) => !listed.has(text))).length,
    absent: lists.filter((list) => list.length === 0).length,
    distinct: counts.size,
  };
}

const STARTS = [-40 * DAY, -1, 0, DAY, 5 * DAY];

async function compare(
  store: EventStore,
  scope: Scope,
  { top, versions }: { readonly top: number; readonly versions: 'merged' | 'all' },
  seen: readonly Counted[],
): Promise<void> {
  const { total, facets } = await store.facets(scope, { versions, fields: FIELDS, top });
  expect(total).toBe(seen.length);
  FIELDS.forEach((_, field) => expect(facets[field]).toEqual(facetOf(seen, field, top)));
  const times = seen.map(({ timeMs }) => timeMs);
  expect(await store.timeSpan(scope, { versions })).toEqual(
    seen.length === 0 ? undefined : { firstMs: Math.min(...times), lastMs: Math.max(...times) },
  );
  const countsOf = (passes: (one: Counted) => boolean): number[] =>
    STARTS.map((start, index) => {
      const end = STARTS[index + 1] ?? Infinity;
      return seen.filter((one) => passes(one) && one.timeMs >= start && one.timeMs < end).length;
    });
  const counts = countsOf(() => true);
  expect(await store.timeline(scope, { versions, starts: STARTS })).toEqual({ counts, series: [] });
  const by = { field: { kind: 'column', sql: 'target_id' }, top } as const;
  const [fromMs = 0] = STARTS;
  const later = seen.filter(({ timeMs }) => timeMs >= fromMs);
  const listed = facetOf(later, 2, top).values.map((one) => one.value);
  expect(await store.timeline(scope, { versions, starts: STARTS, fromMs, by })).toEqual({
    counts,
    series: listed.map((text) => ({
      value: text,
      counts: countsOf(({ values }) => values[2]?.[0] === text),
    })),
    absent: countsOf(({ values }) => values[2]?.length === 0),
    other: countsOf(({ values }) => values[2]?.[0] !== undefined && !listed.includes(values[2][0])),
  });
}

export function describeAggregates({ store: openStore }: StoreSuite): void {
  describe('aggregates', () => {
    it('count by value and by time what reading the events gives, in every scope', async () => {
      const events = fc.sample(arbitraryEvent, { numRuns: 80, seed: 20_261_101 });
      const store = await openStore();
      const records = events.map(({ id, timeMs, outcome, target, tags, tenants }, offset) =>
        record(
          offset,
          testEvent({
            id: `e-${id}`,
            eventTime: new Date(timeMs).toISOString().replace('Z', '+00:00'),
            outcome,
            target: { id: target, typeURI: 'compute' },
            tags,
          }),
          { tenants },
        ),
      );
      for (let from = 0; from < records.length; from += 8) await store.insert(records.slice(from, from + 8));
      for (const scope of SCOPES) {
        for (const versions of ['merged', 'all'] as const) {
          const seen = await eventsOf(store, scope, versions, records);
          for (const top of [1, 3]) await compare(store, scope, { versions, top }, seen);
        }
      }
      expect(await eventsOf(store, EVERYONE, 'merged', records)).toHaveLength(
        new Set(events.map(({ id }) => id)).size,
      );
    });

    it('span merged events only, whatever came before at other times', async () => {
      const store = await openStore();
      const at = (offset: number, timeMs: number, outcome: string): StoreRecord =>
        record(
          offset,
          testEvent({ id: 'x', outcome, eventTime: new Date(timeMs).toISOString().replace('Z', '+00:00') }),
        );
      expect(await store.timeSpan(EVERYONE, {})).toBeUndefined();
      await store.insert([at(0, -DAY, 'pending')]);
      await store.insert([at(1, 5 * DAY, 'pending')]);
      await store.insert([at(2, DAY, 'success')]);
      expect(await store.timeSpan(EVERYONE, {})).toEqual({ firstMs: DAY, lastMs: DAY });
      expect(await store.timeSpan(EVERYONE, { versions: 'all' })).toEqual({ firstMs: -DAY, lastMs: 5 * DAY });
    });

    it('count values of the texts of events where no column has them', async () => {
      const store = await openStore();
      const extras = [['x', 'y'], ['x'], [''], undefined, ['ü😀', 'x']];
      await store.insert(
        extras.map((extra, offset) =>
          record(offset, { ...testEvent({ id: `e-${offset}` }), ...(extra && { extra }) }),
        ),
      );
      const texts = {
        stages: [["JSONExtract(text, {names_0: String}, 'Array(String)') AS names"]],
        params: { names_0: 'extra' },
      };
      const fields: EventField[] = [{ kind: 'text', sql: 'names' }, ...FIELDS.slice(0, 1)];
      const { total, facets } = await store.facets(EVERYONE, { fields, texts, top: 1 });
      expect(total).toBe(5);
      expect(facets[0]).toEqual({ values: [{ value: 'x', count: 3 }], other: 2, absent: 2, distinct: 3 });
      expect(facets[1]).toMatchObject({ absent: 0, other: 0, distinct: 1 });
    });

    it('refuse what is out of bounds', async () => {
      const store = await openStore();
      const [field] = FIELDS;
      for (const query of [
        { fields: [], top: 1 },
        { fields: FIELDS, top: 0 },
        { fields: FIELDS, top: 10_001 },
        { fields: [{ kind: 'text', sql: 'x' } as const], top: 1 },
      ])
        await expect(store.facets(EVERYONE, query)).rejects.toThrow(RangeError);
      for (const starts of [[], [1, 1], [2, 1]])
        await expect(store.timeline(EVERYONE, { starts })).rejects.toThrow(RangeError);
      if (field?.kind !== 'column') throw new Error('the first is a column');
      await expect(store.timeline(EVERYONE, { starts: [0], by: { field, top: 101 } })).rejects.toThrow(
        RangeError,
      );
    });
  });
}
