import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLmdbStream } from './lmdb-stream.ts';

test('what a group of keepFor has not committed is never deleted, also after a restart', async () => {
  const path = mkdtempSync(join(tmpdir(), 'cadf-lmdb-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  let aheadMs = 0;
  const open = (): ReturnType<typeof createLmdbStream> =>
    createLmdbStream({ path, sweepIntervalMs: 0, now: () => Date.now() + aheadMs });
  const first = async (stream: ReturnType<typeof createLmdbStream>): Promise<number | undefined> =>
    (await stream.bounds('events')).get(0)?.first;

  let stream = open();
  await stream.createTopics([
    { name: 'events', partitions: 1, cleanup: 'delete', retentionMs: 1000, keepFor: ['writer', 'other'] },
  ]);
  for (let index = 0; index < 4; index++)
    await stream.append('events', { records: [{ key: 'k', value: Buffer.from(String(index)) }] });
  aheadMs = 60_000;
  await stream.sweep();
  expect(await first(stream)).toBe(0);

  await stream.commit('events', 'writer', new Map([[0, 4]]));
  await stream.commit('events', 'other', new Map([[0, 2]]));
  await stream.sweep();
  expect(await first(stream)).toBe(2);

  await stream.close();
  stream = open();
  await stream.sweep();
  expect(await first(stream)).toBe(2);
  await stream.commit('events', 'other', new Map([[0, 4]]));
  await stream.sweep();
  expect(await first(stream)).toBe(4);
  await stream.close();
});
