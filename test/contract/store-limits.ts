import { describe, expect, it } from 'vitest';
import { testEvent } from '../support/events.ts';
import { ASCENDING, EVERYONE, opened, records } from './store-suite.ts';
import type { StorePlace, StoreSuite } from './store-suite.ts';

/** A condition that keeps the engine busy for hours. */
const ENDLESS = '(SELECT sum(cityHash64(number)) FROM numbers(1000000000000)) > 0';
const UNBOUNDED = { maxRowsRead: 0, maxBytesRead: 0, maxSeconds: 0 };

async function running(place: StorePlace): Promise<number> {
  const rows = await place.query(
    `SELECT count() AS count FROM system.processes WHERE query LIKE '%cityHash64(number)%' AND query NOT LIKE '%system.processes%'`,
  );
  return Number(rows[0]?.['count']);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((wake) => setTimeout(wake, 20));
}

export function describeLimits({ place: makePlace, store: openStore }: StoreSuite): void {
  describe('limits', () => {
    const events = Array.from({ length: 200 }, () => testEvent());

    it.each([
      ['STORE_LIMIT_ROWS', { maxRowsRead: 50 }, '1', 'the most is 50.'],
      ['STORE_LIMIT_BYTES', { maxBytesRead: 1000 }, "rest != ''", 'the most is 1000'],
      ['STORE_LIMIT_TIME', { ...UNBOUNDED, maxSeconds: 1 }, ENDLESS, 'the most is 1000 ms.'],
      [
        'STORE_LIMIT_MEMORY',
        { maxMemoryBytes: 5_000_000 },
        '(SELECT length(groupArray(number)) FROM numbers(50000000)) > 0',
        'the most is 4.77 MiB.',
      ],
    ])('are told apart, with how much may be: %s', async (code, limits, sql, most) => {
      const store = await openStore(limits);
      await store.insert(records(0, events));
      await expect(store.count(EVERYONE, { where: { sql, params: {} } })).rejects.toMatchObject({
        name: 'StoreError',
        code,
        message: expect.stringMatching(new RegExp(`^It [a-z ]+: ${most}`, 'u')),
        retryable: false,
      });
      // The writer is not bound by them.
      await store.own([0]);
      expect(await store.insert(records(200, [testEvent(), events[0]]))).toMatchObject({
        stored: 1,
        duplicates: 1,
      });
    });

    it('a query that is given up stops in the engine', async () => {
      const place = await makePlace();
      const store = await opened(place, UNBOUNDED);
      await store.insert(records(0, events));
      const abort = new AbortController();
      const where = { sql: ENDLESS, params: {} };
      const given = [
        store.count(EVERYONE, { where }, abort.signal),
        store.events(EVERYONE, { ...ASCENDING, where }, abort.signal),
      ].map((query) => expect(query).rejects.toMatchObject({ code: 'STORE_CANCELLED' }));
      await until(async () => (await running(place)) === 2);
      abort.abort();
      await Promise.all(given);
      await until(async () => (await running(place)) === 0);
      expect(await store.count(EVERYONE, {})).toBe(200);
      await expect(store.count(EVERYONE, {}, abort.signal)).rejects.toMatchObject({
        code: 'STORE_CANCELLED',
      });
    });

    it('a query that is given up leaves nothing behind for the next', async () => {
      const store = await openStore({});
      await store.insert(records(0, events));
      for (let turn = 0; turn < 150; turn++) {
        const abort = new AbortController();
        const given = store.timeSpan(EVERYONE, {}, abort.signal).catch(() => undefined);
        const until = performance.now() + (turn % 50) / 10;
        while (performance.now() < until) await new Promise((resume) => setImmediate(resume));
        abort.abort();
        await given;
        expect(await store.count(EVERYONE, {})).toBe(200);
      }
    });

    it('a slow query holds up neither inserts nor other queries, and close ends it', async () => {
      const place = await makePlace();
      const store = await opened(place, UNBOUNDED);
      const slow = store
        .count(EVERYONE, { where: { sql: ENDLESS, params: {} } })
        .catch((error: unknown) => error);
      await until(async () => (await running(place)) === 1);
      await store.insert(records(0, events));
      expect(await store.count(EVERYONE, {})).toBe(200);
      expect(await store.health()).toEqual({ ok: true, reason: '' });
      await store.close();
      expect(await slow).toMatchObject({ name: 'StoreError' });
      await expect(store.count(EVERYONE, {})).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      await expect(store.insert(records(200, events))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      expect((await store.health()).ok).toBe(false);
    });

    it('a wrong condition is an error that names no limit', async () => {
      const store = await openStore();
      const where = { sql: 'no_such_column = 1', params: {} };
      await expect(store.count(EVERYONE, { where })).rejects.toMatchObject({
        code: 'STORE_FAILED',
        retryable: false,
      });
    });
  });
}
