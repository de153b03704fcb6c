import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createChdbStore } from '../chdb-store.ts';
import type { StoreRecord } from '../interface.ts';

test('pages leave out versions that a later block superseded, among rows that supersede nothing', async () => {
  const path = mkdtempSync(join(tmpdir(), 'cadf-page-events-'));
  const store = createChdbStore({ path });
  onTestFinished(async () => {
    await store.close();
    rmSync(path, { recursive: true, force: true });
  });
  await store.migrate();
  const everything = { tenants: '*' } as const;
  for (let offset = 0; offset < 40; offset++) {
    // Each event comes three times: pending, then two outcomes; every fourth record is an event of its own.
    const id = offset % 4 === 3 ? `single-${offset}` : `event-${Math.floor(offset / 4)}`;
    await store.insert([recordOf(offset, id, offset % 4 === 0 ? 'pending' : 'success')]);
    const page = await store.events(everything, { order: 'asc', limit: 100 });
    const ids = page.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(await store.count(everything, { versions: 'merged' }));
    expect(page.at(-1)?.offset).toBe(offset);
  }
});

function recordOf(offset: number, id: string, outcome: string): StoreRecord {
  const value = Buffer.from(
    JSON.stringify({ id, outcome, eventTime: '2026-11-01T12:00:00.000+00:00', note: offset }),
  );
  return {
    partition: 0,
    offset,
    receivedMs: 0,
    source: 's',
    sourceType: 'cadf',
    submitter: 'k',
    profile: 'lenient',
    tenants: [],
    digest: '',
    value,
  };
}
