import fc from 'fast-check';
import type { EventStore } from '@cadf-pipeline/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arbitraryEvent } from '../support/arbitrary-event.ts';
import { testEvent } from '../support/events.ts';
import { ASCENDING, EVERYONE, record, records, texts } from './store-suite.ts';
import type { StorePlace, StoreSuite } from './store-suite.ts';

const PRETTY = JSON.stringify(testEvent({ id: '@ID@' }), undefined, 2);

/** Each is stored four times with another id for `@ID@`, so that shapes are found and used. */
export const AWKWARD: Readonly<Record<string, string>> = {
  'pretty-printed': PRETTY,
  'with blanks, tabs and line ends in odd places': `\n\t${PRETTY.replaceAll(': ', ' \t:\r\n ')} \n`,
  'escaped non-ASCII in columns': JSON.stringify(testEvent({ id: '@ID@', name: 'NAME' })).replace(
    'NAME',
    'J\\u00f6rg \\ud83d\\ude00 \\"\\\\\\/\\b\\f\\n\\r\\t',
  ),
  'raw non-ASCII in columns': JSON.stringify(testEvent({ id: '@ID@', name: 'Jörg 😀', outcome: 'súccess' })),
  'non-ASCII in names of members': JSON.stringify({
    ...testEvent({ id: '@ID@' }),
    größe: 'ü',
    日本: { 語: ['ß'] },
  }),
  'lone surrogate escapes': JSON.stringify(testEvent({ id: '@ID@', name: 'X' })).replace('"X"', '"\\ud800"'),
  'control characters in escapes': JSON.stringify(
    testEvent({
      id: '@ID@\u001fb\u001e\u0001',
      requestPath: '/v2/\u001e\u0001/\u001e\u001d\u001f',
      name: '\u0000',
    }),
  ),
  'numbers that JavaScript would change': JSON.stringify(testEvent({ id: '@ID@' })).replace(
    /}$/,
    ',"big":12345678901234567890123,"one":1.0,"small":1E-7,"minus":-0,"reason":{"reasonType":"HTTP","reasonCode":2e2}}',
  ),
  'unknown members, deep': JSON.stringify(
    testEvent({ id: '@ID@', x: { y: [1, { z: [[], {}, null, true, 'end'] }] } }),
  ),
  'one key twice': JSON.stringify(testEvent({ id: '@ID@' })).replace(
    '"id":"twice"',
    '"id":"first","id":"twice"',
  ),
  'the target in the path, the project in URLs': JSON.stringify(
    testEvent({
      id: '@ID@',
      requestPath: '/servers/0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9/0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9',
      note: '@ID@ of project-a, project-ab and \u007f',
      reporterTime: '2026-11-01T12:00:00.000000+00:00',
    }),
  ),
  'an observer that is the target': JSON.stringify(testEvent({ id: '@ID@', observer: { id: 'target' } })),
  'roles by reference': JSON.stringify({
    ...testEvent({ id: '@ID@' }),
    initiator: undefined,
    initiatorId: 'user-1',
    observer: undefined,
    observerId: 'target',
  }),
  'roles that are no objects': JSON.stringify(
    testEvent({ id: '@ID@', initiator: 'x', target: [1], observer: null, tags: 7 }),
  ),
  'tags of several types': JSON.stringify(
    testEvent({ id: '@ID@', tags: ['a', 1, { b: 2 }, 'c', null, 'd', 'e', 'f', 'g', 'h', 'i', 'j'] }),
  ),
  'an empty fraction of a second': JSON.stringify(
    testEvent({ id: '@ID@', eventTime: '2019-03-25T01:34:16.+0200' }),
  ),
  nanoseconds: JSON.stringify(testEvent({ id: '@ID@', eventTime: '2026-11-01T12:00:00.123456789Z' })),
  'a time without zone': JSON.stringify(testEvent({ id: '@ID@', eventTime: '2026-11-01T12:00:00' })),
  'a leap second': JSON.stringify(testEvent({ id: '@ID@', eventTime: '2016-12-31T23:59:60+00:00' })),
  'a time before the column begins': JSON.stringify(
    testEvent({ id: '@ID@', eventTime: '0001-01-01T00:00:00Z' }),
  ),
  'a time after the column ends': JSON.stringify(
    testEvent({ id: '@ID@', eventTime: '9999-12-31T23:59:59.9Z' }),
  ),
};

export function describeTexts({ backend, store: openStore }: StoreSuite): void {
  describe('awkward texts', () => {
    let place: StorePlace;
    let store: EventStore;
    let next = 0;
    beforeAll(async () => {
      place = await backend().place();
      store = place.open();
      await store.migrate();
      await store.own([0]);
    });
    afterAll(async () => {
      await store.close();
      await place.dispose();
    });

    it.each(Object.entries(AWKWARD))('come back byte for byte: %s', async (name, text) => {
      const from = next;
      const all = ['0', '1', '2', '3'].map((each) =>
        text.replaceAll('@ID@', `${name.length}-${from}-${each}`),
      );
      next += all.length;
      expect(await store.insert(records(from, all))).toEqual({ stored: 4, duplicates: 0, unreadable: [] });
      const where = { sql: 'offset >= {from: UInt64}', params: { from } };
      expect(texts(await store.events(EVERYONE, { ...ASCENDING, where }))).toEqual(all);
      // The same made by the engine.
      const rows = await place.query(`SELECT text FROM event_texts WHERE offset >= ${from} ORDER BY offset`);
      expect(rows.map((row) => row['text'])).toEqual(all);
    });
  });

  describe('texts', () => {
    it('come back byte for byte: any event', async () => {
      const store = await openStore();
      let offset = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(arbitraryEvent, { minLength: 1, maxLength: 20 }), async (events) => {
          // Repeated with other ids, so that shapes are used.
          const values = [...events, ...events, ...events].map((event, index) =>
            JSON.stringify({ ...event, id: `${String(event['id'])}-${offset}-${index}` }),
          );
          const from = offset;
          offset += values.length;
          const result = await store.insert(records(from, values));
          expect(result.stored).toBe(values.length);
          const found = await Promise.all(
            values.map(async (value) => {
              const id = (JSON.parse(value) as { id: string }).id;
              return texts(await store.event(EVERYONE, id, { versions: 'merged' }))[0];
            }),
          );
          expect(found).toEqual(values);
        }),
        { numRuns: 8 },
      );
    });

    it('of a mebibyte come back whole', async () => {
      const store = await openStore();
      const huge = JSON.stringify(testEvent({ id: 'huge', attachment: 'ä\\"'.repeat(200_000) }));
      await store.insert(records(0, [huge, testEvent()]));
      expect(Buffer.byteLength(huge)).toBeGreaterThan(1024 * 1024);
      expect(texts(await store.event(EVERYONE, 'huge', { versions: 'merged' }))).toEqual([huge]);
    });

    it('that are no events are answered with the reason and keep no position from the others', async () => {
      const store = await openStore();
      const bad = {
        'not UTF-8': Buffer.from([0x7b, 0xff, 0x7d]),
        'not JSON': '{"id": "x"',
        'not a JSON object': '["x"]',
        'no id': JSON.stringify({ ...testEvent(), id: undefined }),
        eventTime: JSON.stringify(testEvent({ eventTime: 'yesterday' })),
      };
      const all = [testEvent({ id: 'first' }), ...Object.values(bad), testEvent({ id: 'last' })];
      const result = await store.insert(records(0, all));
      expect(result).toMatchObject({ stored: 2, duplicates: 0 });
      expect(result.unreadable.map((each) => each.record.offset)).toEqual([1, 2, 3, 4, 5]);
      for (const [index, reason] of Object.keys(bad).entries())
        expect(result.unreadable[index]?.reason).toContain(reason);
      expect(await store.nextOffsets([0])).toEqual(new Map([[0, 7]]));
    });

    it('are counted, and their bytes, by stats', async () => {
      const store = await openStore();
      await store.insert([record(0, testEvent())]);
      const stats = await store.stats();
      expect(stats.rows).toBe(1);
      expect(stats.bytes).toBeGreaterThan(0);
    });
  });
}
