/** A file of its own, and so a process: the engine cannot be used any more after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { EVERYONE, records } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { createThreadedChdbStore } from './threaded-chdb-store.ts';

it('a store whose writing thread ended says so to every call and does not touch the engine any more', async () => {
  const path = mkdtempSync(join(tmpdir(), 'cadf-lost-'));
  const posts = vi.spyOn(Worker.prototype, 'postMessage');
  const store = createThreadedChdbStore({ path });
  await store.migrate();
  await store.own([0]);
  await store.insert(records(0, [testEvent(), testEvent()]));
  expect(await store.count(EVERYONE, {})).toBe(2);

  // No call of the store makes its thread end.
  const [thread] = posts.mock.contexts;
  if (!(thread instanceof Worker)) throw new Error('no thread was started');
  await thread.terminate();
  posts.mockRestore();

  const failed = {
    code: 'STORE_FAILED',
    message:
      'The writing thread of the event store ended. Start the process again; what was acknowledged is safe.',
  };
  await expect(store.count(EVERYONE, {})).rejects.toMatchObject(failed);
  await expect(store.insert(records(2, [testEvent()]))).rejects.toMatchObject(failed);
  await expect(store.migrate()).rejects.toMatchObject(failed);
  await expect(
    store.sql(EVERYONE, { sql: 'SELECT count() FROM events', params: {}, maxBytes: 1000, maxRows: 1 }),
  ).rejects.toMatchObject(failed);
  expect(await store.health()).toEqual({ ok: false, reason: failed.message });
  await store.close();
  rmSync(path, { recursive: true, force: true });
});
