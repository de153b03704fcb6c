/** What time and restarts do to asynchronous queries. The store is real; the clock is not. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore } from '@cadf-pipeline/event-store';
import { createLogger } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { record } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { until } from '../../../../test/support/service.ts';
import { readQuestion } from '../event-query/question.ts';
import { createPageCursors } from '../page-cursor.ts';
import { createAsyncQueries } from './async-queries.ts';
import type { AsyncBounds, AsyncQueries } from './async-queries.ts';
import { createRecordFiles } from './record-files.ts';
import { SLOW_FILTER, slowEvent } from '../../../../test/support/slow-query.ts';

const cursors = createPageCursors(Buffer.alloc(32, 7));
const principal: Principal = { kind: 'key', id: 'k', name: 'k', roles: new Set(['query']), tenants: '*' };

let path: string;
let store: EventStore;
let clock = Date.UTC(2026, 10, 1);

beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'async-'));
  store = createChdbStore({ path: join(path, 'store') });
  await store.migrate();
  await store.own([0]);
  await store.insert(Array.from({ length: 3000 }, (_, offset) => record(offset, testEvent())));
  await store.insert(Array.from({ length: 500 }, (_, index) => record(3000 + index, slowEvent())));
});
afterAll(async () => {
  await store.close();
  rmSync(path, { recursive: true, force: true });
});

async function open(name: string, changes: Partial<AsyncBounds> = {}): Promise<AsyncQueries> {
  const bounds = { running: 1, maxMs: 60_000, maxBytes: 1e6, maxDiskBytes: 1e7, keepMs: 5000, ...changes };
  const files = createRecordFiles(join(path, name));
  const logger = createLogger({ name: 'test', level: 'silent' });
  const queries = createAsyncQueries({ store, files, bounds, logger, now: () => clock });
  await queries.start();
  return queries;
}

const create = async (queries: AsyncQueries, parameters = {}): Promise<string> => {
  const asked = { limit: 'all' as const, ...parameters };
  return (await queries.create(principal, asked, readQuestion(principal, { asked }, cursors))).id;
};
const statusOf = (queries: AsyncQueries, id: string): string | undefined => queries.get('k', id)?.status;

test('a restart fails what had not ended, and keeps what was done until it expires', async () => {
  const first = await open('restart');
  const done = await create(first);
  await first.ended(done, 30_000, new AbortController().signal);
  const [slow, queued] = [await create(first, { filter: SLOW_FILTER }), await create(first)];
  await until(async () => Promise.resolve(statusOf(first, slow) === 'running'));
  expect(statusOf(first, queued)).toBe('queued');
  // As after a kill: nothing was told.
  const second = await open('restart');
  for (const id of [slow, queued])
    expect(second.get('k', id)).toMatchObject({ status: 'failed', failure: { code: 'QUERY_INTERRUPTED' } });
  let bytes = 0;
  const kept = second.get('k', done);
  if (kept === undefined) throw new Error('not kept');
  for await (const { lines } of second.lines(kept, 10, 2900))
    bytes += lines.toString().split('\n').length - 1;
  expect(bytes).toBe(2900);
  await first.stop();
  expect(statusOf(first, slow)).toBe('failed');
  await second.stop();

  writeFileSync(join(path, 'restart', 'left-over.ndjson.zst'), 'x');
  writeFileSync(join(path, 'restart', 'torn.json'), '{"id":');
  clock += 5000;
  const third = await open('restart');
  expect(third.list('k')).toEqual([]);
  expect(readdirSync(join(path, 'restart'))).toEqual([]);
  await third.stop();
});

test('a query past its time, or without room on the disk, fails', async () => {
  const short = await open('short', { maxMs: 300 });
  const slow = await create(short, { filter: SLOW_FILTER });
  await short.ended(slow, 30_000, new AbortController().signal);
  expect(short.get('k', slow)).toMatchObject({ status: 'failed', failure: { code: 'QUERY_ASYNC_TIME' } });
  await short.stop();
  const small = await open('small', { maxDiskBytes: 1000 });
  const large = await create(small);
  await small.ended(large, 30_000, new AbortController().signal);
  expect(small.get('k', large)).toMatchObject({ status: 'failed', failure: { code: 'QUERY_ASYNC_DISK' } });
  expect(readdirSync(join(path, 'small'))).toEqual([`${large}.json`]);
  await small.stop();
});
