import { readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testEvent } from '../support/events.ts';
import { insertedEvent, mergedCount } from './inserted-event.ts';
import { ASCENDING, EVERYONE, opened, record, records } from './store-suite.ts';
import type { StorePlace, StoreSuite } from './store-suite.ts';

const BLOCK_ROWS = 200;

/** Runs the inserting process and kills it after some blocks; answers the next offset it had acknowledged. */
async function insertAndKill(place: StorePlace, blocks: number): Promise<number> {
  const setup = JSON.stringify({ ...place.child, blockRows: BLOCK_ROWS });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'insert-until-killed.ts'), setup], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const gone = once(child, 'exit');
  let acknowledged = 0;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    seen += 1;
    // Lines that were already written are still read after the kill.
    if (seen === blocks) child.kill('SIGKILL');
  }
  await gone;
  expect(seen).toBeGreaterThanOrEqual(blocks);
  return acknowledged;
}

export function describeDurability({ place: makePlace, store: openStore }: StoreSuite): void {
  describe('what was acknowledged', () => {
    it('is there after the writer was killed, with at most the whole block under way, nothing twice', async () => {
      const place = await makePlace();
      let from = 0;
      for (const blocks of [2, 5]) {
        const acknowledged = await insertAndKill(place, blocks);
        const store = await opened(place);
        const next = (await store.nextOffsets([0])).get(0) ?? 0;
        expect([acknowledged, acknowledged + BLOCK_ROWS]).toContain(next);
        expect(next).toBeGreaterThan(from);
        expect(await store.count(EVERYONE, { versions: 'all' })).toBe(next);
        expect(await store.count(EVERYONE, {})).toBe(mergedCount(next));
        const all = await store.events(EVERYONE, { ...ASCENDING, versions: 'all' });
        expect(all.map((event) => event.offset)).toEqual(Array.from({ length: next }, (_, offset) => offset));
        expect(all.map((event) => event.text)).toEqual(
          all.map((_, offset) => JSON.stringify(insertedEvent(offset))),
        );
        // What the stream delivers again, partly known.
        const again = Array.from({ length: 300 }, (_, i) => next - 150 + i);
        const result = await store.insert(again.map((offset) => record(offset, insertedEvent(offset))));
        expect(result).toEqual({ stored: 150, duplicates: 150, unreadable: [] });
        from = next + 150;
        await store.close();
      }
    });

    it('is skipped by position when it comes again, from the store after a restart', async () => {
      const place = await makePlace();
      const events = Array.from({ length: 10 }, () => testEvent());
      let store = await opened(place);
      await store.insert(records(0, events));
      expect(await store.insert(records(0, events))).toEqual({ stored: 0, duplicates: 10, unreadable: [] });
      expect(await store.nextOffsets([0, 1])).toEqual(
        new Map([
          [0, 10],
          [1, 0],
        ]),
      );
      await store.close();
      store = await opened(place);
      expect(await store.nextOffsets([0])).toEqual(new Map([[0, 10]]));
      expect(await store.insert(records(5, [...events.slice(5), testEvent()]))).toMatchObject({
        stored: 1,
        duplicates: 5,
      });
      expect(await store.count(EVERYONE, {})).toBe(11);
    });

    it('duplicates at the end leave no row, and are found again when they are delivered again', async () => {
      const place = await makePlace();
      const [a, b] = [testEvent(), testEvent()];
      let store = await opened(place);
      await store.insert(records(0, [a, b]));
      expect(await store.insert(records(2, [a, b, 'not an event']))).toMatchObject({
        stored: 0,
        duplicates: 2,
      });
      expect(await store.nextOffsets([0])).toEqual(new Map([[0, 5]]));
      await store.close();
      store = await opened(place);
      // Nothing tells that they were handled; handling them again changes nothing.
      expect(await store.nextOffsets([0])).toEqual(new Map([[0, 2]]));
      const again = await store.insert(records(2, [a, b, 'not an event', testEvent()]));
      expect(again).toMatchObject({ stored: 1, duplicates: 2 });
      expect(again.unreadable).toHaveLength(1);
      expect(await store.count(EVERYONE, { versions: 'all' })).toBe(3);
    });

    it('an insert is one part, also over the end of a month', async () => {
      const place = await makePlace();
      const store = await opened(place);
      const all = Array.from({ length: 5000 }, (_, i) =>
        record(i, testEvent(), { receivedMs: Date.UTC(2026, 10, 30, 23, 59, 59) + (i % 2) * 2000 }),
      );
      await store.insert(all);
      const parts = await place.query(
        "SELECT rows, partition FROM system.parts WHERE active AND table = 'events' AND database = currentDatabase()",
      );
      expect(parts.map((part) => [Number(part['rows']), part['partition']])).toEqual([[5000, '202612']]);
    });

    it('offsets that do not ascend are refused, and nothing is stored', async () => {
      const store = await openStore();
      const [one, two] = records(0, [testEvent(), testEvent()]);
      await expect(store.insert([two, one].flatMap((each) => each ?? []))).rejects.toThrow('does not ascend');
      expect(await store.count(EVERYONE, {})).toBe(0);
    });

    it('partitions that were not owned before are taken over by an insert', async () => {
      const place = await makePlace();
      let store = await opened(place);
      const event = testEvent();
      await store.insert([record(7, event, { partition: 3 })]);
      await store.close();
      store = await opened(place);
      const again = [record(7, event, { partition: 3 }), record(8, event, { partition: 3 })];
      expect(await store.insert(again)).toMatchObject({ stored: 0, duplicates: 2 });
      expect(await store.snapshot()).toEqual(new Map([[3, 8]]));
    });

    it('concurrent readers see whole blocks only', async () => {
      const store = await openStore();
      let done = false;
      const reading = (async () => {
        while (!done) {
          expect((await store.count(EVERYONE, { versions: 'all' })) % 50).toBe(0);
          expect((await store.events(EVERYONE, { ...ASCENDING, versions: 'all' })).length % 50).toBe(0);
        }
      })();
      for (let block = 0; block < 20; block++)
        await store.insert(
          records(
            block * 50,
            Array.from({ length: 50 }, () => testEvent()),
          ),
        );
      done = true;
      await reading;
      expect(await store.count(EVERYONE, {})).toBe(1000);
    });
  });

  describe('migrations', () => {
    it('are applied once, by two at a time or again', async () => {
      const place = await makePlace({ isEmpty: true });
      const store = place.open();
      onTestFinished(() => store.close());
      await Promise.all([store.migrate(), store.migrate()]);
      await store.migrate();
      const rows = await place.query(
        'SELECT DISTINCT number, name, checksum FROM migrations ORDER BY number',
      );
      const files = readdirSync(new URL('../../deploy/clickhouse/', import.meta.url));
      expect(rows.map((row) => row['name'])).toEqual(files.filter((name) => /^\d{6}_/.test(name)).sort());
    });

    it('that are not what was applied are an error', async () => {
      const place = await makePlace();
      const store = await opened(place);
      await place.query(
        "ALTER TABLE migrations UPDATE checksum = 'other' WHERE number = 1 SETTINGS mutations_sync = 2",
      );
      await expect(store.migrate()).rejects.toMatchObject({ code: 'STORE_MIGRATION' });
    });
  });
}
