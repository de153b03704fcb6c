/** What ends an export, and what is left of it. The store and the stream are real; the clock is not. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState } from '@cadf-pipeline/control-state';
import type { ExportJob } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore } from '@cadf-pipeline/event-store';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import { createLogger } from '@cadf-pipeline/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { records } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { putMigratedStore } from '../../../../test/support/migrated-store.ts';
import { createFederationIdentity } from '../identity/federation-identity.ts';
import { createSecretBox } from '../subscription/secret-box.ts';
import { createExportEvents } from './export-events.ts';
import { createExportRights } from './export-rights.ts';
import { createExportWork } from './export-work.ts';
import type { ExportBounds, ExportWork } from './export-work.ts';

const EVENTS = 3000;
const BOUNDS: ExportBounds = { running: 2, keepMs: 60_000, maxBytes: 1e9, maxBytesOfOne: 1e9 };
const path = mkdtempSync(join(tmpdir(), 'export-work-'));
const root = join(path, 'exports');
const logger = createLogger({ name: 'test', level: 'silent' });
const stream = createLmdbStream({ path: join(path, 'stream'), sweepIntervalMs: 0, tombstoneRetentionMs: 0 });
const state = createControlState({ stream, logger });
const audited: Record<string, unknown>[] = [];
let store: EventStore;
let aheadMs = 0;
let made = 0;
const now = (): number => Date.now() + aheadMs;

beforeAll(async () => {
  putMigratedStore(join(path, 'store'));
  store = createChdbStore({ path: join(path, 'store') });
  await store.migrate();
  await store.own([0]);
  await store.insert(
    records(
      0,
      Array.from({ length: EVENTS }, () => testEvent()),
    ),
  );
  await state.start();
});
afterAll(async () => {
  await state.close();
  await stream.close();
  await store.close();
  rmSync(path, { recursive: true, force: true });
});

async function withWork(
  changes: { readonly bounds?: Partial<ExportBounds>; readonly count?: EventStore['count'] },
  use: (work: ExportWork) => Promise<void>,
): Promise<void> {
  const audit = (event: Record<string, unknown>): Promise<void> => Promise.resolve(void audited.push(event));
  const work = createExportWork({
    store: { ...store, ...(changes.count === undefined ? {} : { count: changes.count }) },
    stream,
    state,
    root,
    rights: createExportRights(state, now),
    identity: createFederationIdentity({ state, box: createSecretBox(Buffer.alloc(32, 1)), audit, now }),
    events: createExportEvents(audit, now),
    openCarrier: () => undefined,
    audit,
    logger,
    now,
    bounds: { ...BOUNDS, ...changes.bounds },
    sweepEveryMs: 50,
  });
  await work.start();
  try {
    await use(work);
  } finally {
    await work.stop();
  }
}

async function ask(changes: Partial<ExportJob> = {}): Promise<string> {
  made++;
  const id = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
  const job: ExportJob = {
    id,
    format: 'cadf-ndjson',
    destination: { type: 'download' },
    owner: { kind: 'key', id: 'bootstrap', name: 'root' },
    tenants: '*',
    created: new Date(now()).toISOString(),
    asOf: { 0: EVENTS },
    ...changes,
  };
  await state.change('export', id, job, { by: 'test', ifVersion: 0 });
  return id;
}

const stateOf = (work: ExportWork, id: string): string | undefined => work.record(id)?.state;
const told = (id: string, action: string): readonly unknown[] =>
  audited.filter(({ action: done, target }) => done === action && (target as { id: string }).id === id);

test('a cancelled export leaves nothing, and says so once', async () => {
  await withWork({}, async (work) => {
    const id = await ask({ split: { maxEvents: 5 } });
    await expect.poll(() => work.record(id)?.files, { interval: 5 }).toBeGreaterThan(2);
    const before = state.get('export', id);
    if (before === undefined) throw new Error('it is there');
    const cancelled = new Date(now()).toISOString();
    await state.change(
      'export',
      id,
      { ...before.entity, cancelled },
      { by: 'test', ifVersion: before.version },
    );
    await expect.poll(() => stateOf(work, id)).toBe('cancelled');
    await expect.poll(() => existsSync(join(root, id))).toBe(false);
    expect(work.record(id)).toMatchObject({ events: 0, files: 0 });
    expect(told(id, 'stop')).toHaveLength(1);
  });
});

test('an export fails where the count does not come out, the room is used up, or its owner may not', async () => {
  const lost = { kind: 'key', id: 'gone', name: 'gone', since: 'then' } as const;
  for (const { changes, code, job } of [
    {
      changes: {
        count: async (...asked: Parameters<EventStore['count']>) => (await store.count(...asked)) + 1,
      },
      code: 'EXPORT_COUNT_WRONG',
      job: {},
    },
    { changes: { bounds: { maxBytesOfOne: 10_000 } }, code: 'EXPORT_QUOTA', job: {} },
    { changes: {}, code: 'EXPORT_RIGHTS', job: { owner: lost } },
    { changes: {}, code: 'EXPORT_FILTER_INVALID', job: { filter: 'no such' } },
  ])
    await withWork(changes, async (work) => {
      const id = await ask(job);
      await expect.poll(() => stateOf(work, id), { message: code }).toBe('failed');
      expect(work.record(id)?.failure?.code).toBe(code);
      await expect.poll(() => existsSync(join(root, id))).toBe(false);
      expect(told(id, 'backup')).toMatchObject([{ outcome: 'failure' }]);
    });
});

test('an export is removed with its files some time after its end', async () => {
  await withWork({}, async (work) => {
    const id = await ask({ compression: 'zstd', split: { maxEvents: 1000 } });
    await expect.poll(() => stateOf(work, id)).toBe('done');
    expect(work.record(id)).toMatchObject({ events: EVENTS, files: 3, total: EVENTS });
    expect(readdirSync(join(root, id))).toHaveLength(3 + 3 + 1);
    aheadMs += BOUNDS.keepMs;
    await expect.poll(() => state.get('export', id)).toBeUndefined();
    await expect.poll(() => existsSync(join(root, id))).toBe(false);
    expect(told(id, 'delete')).toHaveLength(2);
  });
});
