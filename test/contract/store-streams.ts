import fc from 'fast-check';
import type { EventPlace, EventStore, StreamQuery } from '@cadf-pipeline/event-store';
import { describe, expect, it } from 'vitest';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { testEvent } from '../support/events.ts';
import { EVERYONE, record, records } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';
import { AWKWARD } from './store-texts.ts';

async function streamed(store: EventStore, query: StreamQuery): Promise<string[]> {
  const lines: string[] = [];
  for await (const block of store.stream(EVERYONE, query)) {
    const found = block.lines.toString().split('\n');
    expect(found.pop()).toBe('');
    expect(found).toHaveLength(block.count);
    lines.push(...found);
  }
  return lines;
}

async function paged(store: EventStore, query: StreamQuery): Promise<string[]> {
  const lines: string[] = [];
  let after: EventPlace | undefined;
  for (;;) {
    const page = await store.events(EVERYONE, { ...query, limit: 1000, ...(after && { after }) });
    lines.push(...page.map(({ text }) => text.replaceAll(/[\r\n]+/g, ' ').trim()));
    after = page.at(-1);
    if (page.length < 1000) return lines;
  }
}

/** Blanks at an end, or in place of several line breaks, are as good as others. */
function trimmed(lines: readonly string[]): string[] {
  return lines.map((line) => line.replaceAll(/ +/g, ' ').trim());
}

const at = (ms: number): string => new Date(Date.UTC(2026, 10, 1) + ms).toISOString();

export function describeStreams({ store: openStore }: StoreSuite): void {
  describe('streams', () => {
    it('are what the pages hold, whatever the texts are', async () => {
      const store = await openStore();
      const made = fc.sample(arbitraryEvent, { numRuns: 60, seed: 11 }).map((event) => JSON.stringify(event));
      const awkward = Object.values(AWKWARD);
      const texts = Array.from({ length: 4 }, (_, copy) =>
        [...awkward, ...made].map((text, index) => text.replace('@ID@', `s-${copy}-${index}`)),
      );
      let offset = 0;
      for (const block of texts)
        await store.insert(block.map((text) => record(offset++, text, { tenants: [`t-${offset % 3}`] })));
      for (const order of ['asc', 'desc'] as const) {
        for (const query of [{}, { versions: 'all' as const }, { tenant: 't-1' }]) {
          const expected = await paged(store, { order, ...query });
          expect(trimmed(await streamed(store, { order, ...query }))).toEqual(trimmed(expected));
          expect(expected.length).toBeGreaterThan(40);
        }
      }
    });

    it('have times as they were written, of each minute and form', async () => {
      const store = await openStore();
      const times = ['Z', '+00:00', '+02:00', '-0330'].flatMap((zone) =>
        ['', '.5', '.12', '.123', '.123456', '.123456789'].flatMap((fraction) =>
          ['1969-12-31T23:59:59', '2026-11-01T12:00:59', '2026-11-01T12:01:00'].map(
            (time) => time + fraction + zone,
          ),
        ),
      );
      const events = Array.from({ length: 3 }, () => times).flat();
      await store.insert(
        records(
          0,
          events.map((eventTime) => testEvent({ eventTime })),
        ),
      );
      const lines = await streamed(store, { order: 'asc' });
      const found = lines.map((line) => (JSON.parse(line) as { eventTime: string }).eventTime);
      expect(found.toSorted()).toEqual(events.toSorted());
    });

    it('hold merged events with their chains joined, as of their snapshot, up to a limit', async () => {
      const store = await openStore();
      const step = (name: string): object => ({
        role: 'observer',
        reporter: { id: name, typeURI: 'service', name },
      });
      const event = (index: number, outcome: string, name: string): object => ({
        ...testEvent({ eventTime: at(index * 1000), outcome, reporterchain: [step(name)] }),
        id: `v-${index}`,
      });
      const indexes = Array.from({ length: 40 }, (_, index) => index);
      await store.insert(
        records(
          0,
          indexes.map((index) => event(index, 'pending', 'first')),
        ),
      );
      const asOf = await store.snapshot();
      const before = await streamed(store, { order: 'asc', asOf });
      await store.insert(
        records(
          40,
          indexes.slice(10, 30).map((index) => event(index, 'success', 'second')),
        ),
      );
      expect(await streamed(store, { order: 'asc', asOf })).toEqual(before);
      expect(before).toHaveLength(40);
      const now = await streamed(store, { order: 'asc' });
      expect(now).toEqual(await paged(store, { order: 'asc' }));
      expect(now.filter((line) => line.includes('"second"') && line.includes('"first"'))).toHaveLength(20);
      expect(await store.count(EVERYONE, { asOf })).toBe(before.length);
      const half = new Map([[0, 50]]);
      for (const query of [
        { asOf: half },
        { asOf: half, versions: 'all' as const },
        { asOf: half, toMs: Date.UTC(2026, 10, 1) + 5000 },
        { asOf: half, since: new Map([[0, 20]]) },
      ])
        expect(await store.count(EVERYONE, query)).toBe(
          (await streamed(store, { order: 'asc', ...query })).length,
        );
      expect(await store.sourceDays(EVERYONE, { asOf: half, versions: 'all' }, 1)).toEqual([
        { source: 'source-a', fromMs: Date.UTC(2026, 10, 1), count: 50 },
      ]);
      expect(await streamed(store, { order: 'asc', limit: 15 })).toEqual(now.slice(0, 15));
      expect(await streamed(store, { order: 'asc', versions: 'all' })).toHaveLength(60);
    });

    it('say where the record of each event comes from, when they are asked', async () => {
      const store = await openStore();
      const outcomes = ['pending', 'success'];
      const event = (index: number, outcome: string): object => ({
        ...testEvent({ eventTime: at((index * 7_919) % 60_000), outcome }),
        id: `f-${index}`,
      });
      const all = [...Array(30).keys()].flatMap((index) =>
        outcomes.slice(0, 1 + (index % 2)).map((outcome, nth) => ({ index, outcome, nth })),
      );
      const offsets = new Map(all.map(({ index, nth }, offset) => [`f-${index}/${nth}`, offset]));
      await store.insert(
        all.map(({ index, outcome }, offset) =>
          record(offset, event(index, outcome), {
            source: index % 3 === 0 ? 'source-é' : 's'.repeat(300),
            receivedMs: Date.UTC(1969, 0, 1) + index * 40_000_000_123,
          }),
        ),
      );
      for (const versions of ['merged', 'all'] as const) {
        let seen = 0;
        for await (const block of store.stream(EVERYONE, { order: 'desc', versions })) {
          const facts = block.facts();
          const lines = block.lines.toString().trimEnd().split('\n');
          expect(facts).toHaveLength(block.count);
          for (const [at, line] of lines.entries()) {
            const { id, outcome } = JSON.parse(line) as { id: string; outcome: string };
            const index = Number(id.slice(2));
            expect(facts[at]).toEqual({
              source: index % 3 === 0 ? 'source-é' : 's'.repeat(300),
              receivedMs: Date.UTC(1969, 0, 1) + index * 40_000_000_123,
              partition: 0,
              offset: offsets.get(`${id}/${outcomes.indexOf(outcome)}`),
            });
          }
          seen += lines.length;
        }
        expect(seen).toBe(versions === 'all' ? 45 : 30);
      }
    });

    it('begin at a position where they are asked to: an older event is new when a later version took its place', async () => {
      const store = await openStore();
      await store.own([0, 1]);
      const event = (id: string, outcome: string): object => ({
        ...testEvent({ eventTime: at(id.length * 1000), outcome }),
        id,
      });
      await store.insert([
        ...records(0, [event('resolved', 'pending'), event('done', 'success'), event('waiting', 'pending')]),
        ...records(0, [event('elsewhere', 'success')], { partition: 1, source: 'source-b' }),
      ]);
      const since = await store.snapshot();
      await store.insert([
        // A pending version after the final one takes no place.
        ...records(3, [event('resolved', 'success'), event('done', 'pending'), event('new', 'pending')]),
        ...records(1, [event('elsewhere-2', 'success')], { partition: 1, source: 'source-b' }),
      ]);
      const found = async (query: Partial<StreamQuery>): Promise<string[]> =>
        (await streamed(store, { order: 'asc', ...query }))
          .map((line) => JSON.parse(line) as { id: string; outcome: string })
          .map(({ id, outcome }) => `${id} ${outcome}`)
          .toSorted();
      expect(await found({ since })).toEqual(['elsewhere-2 success', 'new pending', 'resolved success']);
      expect(await found({ since, versions: 'all' })).toEqual([
        'done pending',
        'elsewhere-2 success',
        'new pending',
        'resolved success',
      ]);
      const seldom = (bound: number): Map<number, number> =>
        new Map([...since].filter(([partition]) => partition === 0).map(([one]) => [one, bound]));
      // What is not named is read from its first.
      expect(await found({ since: seldom(6) })).toEqual(['elsewhere success', 'elsewhere-2 success']);
      expect(await found({ since: new Map() })).toEqual(await found({}));
      const far = new Map([...Array(300).keys()].map((partition) => [partition, partition === 1 ? 1 : 5]));
      expect(await found({ since: far })).toEqual(['elsewhere-2 success', 'new pending']);
      expect(await found({ since, asOf: since })).toEqual([]);
    });

    it('go on through blocks and times that repeat, and can be given up', async () => {
      const store = await openStore();
      for (let from = 0; from < 40_000; from += 10_000) {
        const numbers = Array.from({ length: 10_000 }, (_, index) => from + index);
        // Half of them are of one moment, more than a block.
        const events = numbers.map((n) => ({ id: `b-${n}`, eventTime: at(n % 2 === 0 ? 0 : n * 50) }));
        await store.insert(records(from, events));
      }
      for (const order of ['asc', 'desc'] as const) {
        const ids = (await streamed(store, { order })).map((line) => (JSON.parse(line) as { id: string }).id);
        expect(ids).toHaveLength(40_000);
        expect(new Set(ids).size).toBe(40_000);
      }
      for await (const block of store.stream(EVERYONE, { order: 'desc' })) {
        expect(block.count).toBeGreaterThan(0);
        break;
      }
      const stop = new AbortController();
      const reading = store.stream(EVERYONE, { order: 'desc' }, stop.signal)[Symbol.asyncIterator]();
      await reading.next();
      stop.abort();
      await expect(
        (async () => {
          for (;;) if ((await reading.next()).done === true) return;
        })(),
      ).rejects.toMatchObject({ code: 'STORE_CANCELLED' });
    });
  });
}
