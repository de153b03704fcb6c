/** Exports over a real store, stream and control state, in one process; the clock can be set ahead. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState } from '@cadf-pipeline/control-state';
import type { ControlState, ExportJob } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, StoreRecord } from '@cadf-pipeline/event-store';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import { createLogger } from '@cadf-pipeline/service-kit';
import { Registry } from 'prom-client';
import { putMigratedStore } from '../../../../test/support/migrated-store.ts';
import { createFederationIdentity } from '../identity/federation-identity.ts';
import { createSecretBox } from '../subscription/secret-box.ts';
import { createExportEvents } from './export-events.ts';
import { createExportRights } from './export-rights.ts';
import { createExportWork } from './export-work.ts';
import type { ExportBounds, ExportWork } from './export-work.ts';

export const BOUNDS: ExportBounds = { running: 2, keepMs: 60_000, maxBytes: 1e9, maxBytesOfOne: 1e9 };

export interface ExportBench {
  /** Where the files of exports are. */
  readonly root: string;
  readonly state: ControlState;
  readonly store: EventStore;
  readonly audited: readonly Record<string, unknown>[];
  /** What the clock is ahead, ms. */
  aheadMs: number;
  /** While the work runs. */
  withWork(
    changes: { readonly bounds?: Partial<ExportBounds>; readonly count?: EventStore['count'] },
    use: (work: ExportWork) => Promise<void>,
  ): Promise<void>;
  /** By the bootstrap key, of everything stored at first, but for the changes. Answers its id. */
  ask(changes?: Partial<ExportJob>): Promise<string>;
  close(): Promise<void>;
}

export async function startExportBench(records: readonly StoreRecord[]): Promise<ExportBench> {
  const path = mkdtempSync(join(tmpdir(), 'export-work-'));
  const root = join(path, 'exports');
  const logger = createLogger({ name: 'test', level: 'silent' });
  const stream = createLmdbStream({
    path: join(path, 'stream'),
    sweepIntervalMs: 0,
    tombstoneRetentionMs: 0,
  });
  const state = createControlState({ stream, logger });
  putMigratedStore(join(path, 'store'));
  const store = createChdbStore({ path: join(path, 'store') });
  await store.migrate();
  await store.own([0]);
  await store.insert(records);
  await state.start();
  const audited: Record<string, unknown>[] = [];
  const audit = (event: Record<string, unknown>): Promise<void> => Promise.resolve(void audited.push(event));
  const now = (): number => Date.now() + bench.aheadMs;
  let made = 0;

  const bench: ExportBench = {
    root,
    state,
    store,
    audited,
    aheadMs: 0,
    async withWork({ bounds, count }, use) {
      const work = createExportWork({
        store: { ...store, ...(count === undefined ? {} : { count }) },
        stream,
        state,
        root,
        rights: createExportRights(state, now),
        identity: createFederationIdentity({
          state,
          box: createSecretBox(Buffer.alloc(32, 1)),
          audit,
          now,
        }),
        events: createExportEvents(audit, now),
        openCarrier: () => undefined,
        audit,
        registry: new Registry(),
        logger,
        now,
        bounds: { ...BOUNDS, ...bounds },
        sweepEveryMs: 50,
      });
      await work.start();
      try {
        await use(work);
      } finally {
        await work.stop();
      }
    },
    async ask(changes = {}) {
      made++;
      const id = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
      const job: ExportJob = {
        id,
        format: 'cadf-ndjson',
        destination: { type: 'download' },
        owner: { kind: 'key', id: 'bootstrap', name: 'root' },
        tenants: '*',
        created: new Date(now()).toISOString(),
        asOf: { 0: records.length },
        ...changes,
      };
      await state.change('export', id, job, { by: 'test', ifVersion: 0 });
      return id;
    },
    async close() {
      await state.close();
      await stream.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
  return bench;
}
