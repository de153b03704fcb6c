import { describe, expect, it } from 'vitest';
import type { EventStore, InsertResult } from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import type { TestEvent } from '../support/events.ts';
import { ASCENDING, EVERYONE, opened, record, records, texts } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

const step = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  role: 'modifier',
  reporter: { id: name },
  ...more,
});

/** Versions of one event by what differs. */
function version(outcome: string, more: Record<string, unknown> = {}): TestEvent {
  return testEvent({ id: 'x', outcome, ...more });
}

/** How the same records may come: in one insert, one by one, or one by one with the store opened anew before each. */
const WAYS = ['in one block', 'in blocks of their own', 'each after a restart'] as const;

export function describeVersions({ place: makePlace }: StoreSuite): void {
  /** Inserts events at offsets 0… the given way; answers the store that is open at the end, and the sums. */
  async function insertBy(
    way: (typeof WAYS)[number],
    events: readonly unknown[],
  ): Promise<{ readonly store: EventStore; readonly sum: Pick<InsertResult, 'stored' | 'duplicates'> }> {
    const place = await makePlace();
    let store = await opened(place);
    const sum = { stored: 0, duplicates: 0 };
    const blocks =
      way === 'in one block' ? [records(0, events)] : events.map((event, at) => [record(at, event)]);
    for (const block of blocks) {
      if (way === 'each after a restart') {
        await store.close();
        store = await opened(place);
      }
      const { stored, duplicates } = await store.insert(block);
      sum.stored += stored;
      sum.duplicates += duplicates;
    }
    return { store, sum };
  }

  async function merged(store: EventStore): Promise<string[]> {
    const page = texts(await store.events(EVERYONE, ASCENDING));
    expect(texts(await store.events(EVERYONE, { ...ASCENDING, order: 'desc' }))).toEqual(page.toReversed());
    expect(await store.count(EVERYONE, {})).toBe(page.length);
    expect(await store.count({ tenants: ['tenant-a'] }, {})).toBe(page.length);
    return page;
  }

  describe.each(WAYS)('versions of an event that come %s', (way) => {
    it.each<[string, readonly string[], number]>([
      ['a final outcome takes the place of a pending one', ['pending', 'success'], 1],
      ['a pending one that comes late does not show', ['success', 'pending'], 0],
      ['the last final outcome wins', ['pending', 'success', 'failure', 'pending'], 2],
      ['of pending ones the last shows', ['pending', 'pending', 'pending'], 2],
      [
        'pending is recognized as a taxonomy path',
        ['http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/outcome/pending/x', 'success'],
        1,
      ],
    ])('%s', async (_, outcomes, shown) => {
      const events = outcomes.map((outcome, at) => JSON.stringify(version(outcome, { at })));
      const { store, sum } = await insertBy(way, events);
      expect(sum).toEqual({ stored: events.length, duplicates: 0 });
      expect(await merged(store)).toEqual([events[shown]]);
      expect(texts(await store.event(EVERYONE, 'x', { versions: 'merged' }))).toEqual([events[shown]]);
      expect(texts(await store.event(EVERYONE, 'x', { versions: 'all' }))).toEqual(events);
      expect(await store.count(EVERYONE, { versions: 'all' })).toBe(events.length);
      expect(texts(await store.events(EVERYONE, { ...ASCENDING, versions: 'all' }))).toEqual(events);
    });

    it('a repetition of any version is not stored', async () => {
      const [a, b, other] = [version('pending'), version('success'), testEvent({ id: 'y' })];
      const { store, sum } = await insertBy(way, [a, b, a, other, b, other]);
      expect(sum).toEqual({ stored: 3, duplicates: 3 });
      expect(await store.count(EVERYONE, {})).toBe(2);
      expect(await store.count(EVERYONE, { versions: 'all' })).toBe(3);
    });

    it('reporter chains are joined, each step once, and nothing else of the text changes', async () => {
      const text = (event: unknown): string => JSON.stringify(event).replace('"at":1', '"at":1.0');
      const events = [
        text(version('pending', { at: 1, reporterchain: [step('one')] })),
        text(
          version('pending', {
            at: 1,
            reporterchain: [{ reporter: { id: 'one' }, role: 'modifier' }, step('two')],
          }),
        ),
        text(version('success', { at: 1, reporterchain: [step('three'), step('two')] })),
      ];
      const { store } = await insertBy(way, events);
      const expected = text(
        version('success', { at: 1, reporterchain: [step('one'), step('two'), step('three')] }),
      );
      expect(await merged(store)).toEqual([expected]);
      expect(texts(await store.event(EVERYONE, 'x', { versions: 'merged' }))).toEqual([expected]);
      expect(texts(await store.event(EVERYONE, 'x', { versions: 'all' }))).toEqual(events);
    });

    it('a final version without a chain gets that of the pending one', async () => {
      const final = JSON.stringify(version('success'));
      const { store } = await insertBy(way, [version('pending', { reporterchain: [step('one')] }), final]);
      const chain = JSON.stringify([step('one')]);
      expect(await merged(store)).toEqual([`${final.slice(0, -1)},"reporterchain":${chain}}`]);
    });
  });

  describe('versions', () => {
    it('of two sources with one id are two events, and neither hides the other', async () => {
      const store = await opened(await makePlace());
      await store.insert([
        record(0, version('success', { by: 'a' })),
        record(1, version('success', { by: 'b' }), { source: 'source-b' }),
      ]);
      expect(await merged(store)).toHaveLength(2);
      expect(await store.event(EVERYONE, 'x', { versions: 'merged' })).toHaveLength(2);
      const one = await store.event(EVERYONE, 'x', { versions: 'merged', source: 'source-b' });
      expect(one.map((event) => event.source)).toEqual(['source-b']);
    });

    it('are filtered by what the merged one has', async () => {
      const store = await opened(await makePlace());
      const at = (hour: number): string => `2026-11-01T${String(hour).padStart(2, '0')}:00:00.000+00:00`;
      await store.insert([record(0, version('pending', { eventTime: at(1) }))]);
      await store.insert([record(1, version('success', { eventTime: at(5) }))]);
      const where = (outcome: string): { where: { sql: string; params: Record<string, unknown> } } => ({
        where: { sql: 'outcome = {outcome: String}', params: { outcome } },
      });
      expect(await store.count(EVERYONE, where('pending'))).toBe(0);
      expect(await store.count(EVERYONE, where('success'))).toBe(1);
      expect(await store.count(EVERYONE, { ...where('pending'), versions: 'all' })).toBe(1);
      const early = { toMs: Date.UTC(2026, 10, 1, 3) };
      expect(await store.events(EVERYONE, { ...ASCENDING, ...early })).toEqual([]);
      expect(await store.count(EVERYONE, { fromMs: Date.UTC(2026, 10, 1, 3) })).toBe(1);
    });

    it('are as they were when the snapshot was taken', async () => {
      const store = await opened(await makePlace());
      const [pending, final] = [version('pending'), version('success')].map((event) => JSON.stringify(event));
      await store.insert([record(0, pending)]);
      const asOf = await store.snapshot();
      await store.insert([record(1, final), record(2, testEvent())]);
      expect(texts(await store.events(EVERYONE, { ...ASCENDING, asOf }))).toEqual([pending]);
      expect(texts(await store.events(EVERYONE, { ...ASCENDING, asOf, versions: 'all' }))).toEqual([pending]);
      expect(await store.events(EVERYONE, { ...ASCENDING, asOf: new Map() })).toEqual([]);
    });

    it('of an event with a great many are placed, and repetitions among them found', async () => {
      const place = await makePlace();
      let store = await opened(place);
      const many = Array.from({ length: 3000 }, (_, at) => version('success', { at }));
      await store.insert(records(0, many));
      await store.close();
      store = await opened(place);
      const result = await store.insert(
        records(3000, [many[5], many[2999], version('success', { at: 'new' })]),
      );
      expect(result).toMatchObject({ stored: 1, duplicates: 2 });
      expect(await merged(store)).toEqual([JSON.stringify({ ...many[0], at: 'new', id: 'x' })]);
    });
  });
}
