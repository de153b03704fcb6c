/** The reading routes over a real store, with callers by their tokens. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, StoreRecord } from '@cadf-pipeline/event-store';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
} from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { createAsyncQueries } from '../async-query/async-queries.ts';
import { createRecordFiles } from '../async-query/record-files.ts';
import { queryErrors } from '../errors.ts';
import { createPageCursors } from '../page-cursor.ts';
import { eventRoutes } from './events.ts';
import { sqlRoutes } from './sql.ts';

export interface SqlApp {
  readonly app: FastifyInstance;
  readonly store: EventStore;
  close(): Promise<void>;
}

/** `callers` by the id of their key, which is its token. */
export async function startSqlApp(callers: Readonly<Record<string, Partial<Principal>>>): Promise<SqlApp> {
  const path = mkdtempSync(join(tmpdir(), 'cadf-sql-'));
  const store = createChdbStore({ path });
  await store.migrate();
  await store.own([0]);
  const app = await createHttpServer({
    title: 'Test',
    version: '1',
    logger: createLogger({ name: 'test', level: 'silent' }),
    verify: (token) => {
      const caller = callers[token];
      const key = { kind: 'key', id: token, name: token, tenants: '*' } as const;
      return caller === undefined
        ? { reason: 'unknown' }
        : { principal: { ...key, roles: new Set(['query']), ...caller } };
    },
    health: createHealth({ checks: {} }),
    metrics: createPipelineMetrics({ process: false }),
    errors: [queryErrors],
  });
  const queries = createAsyncQueries({
    store,
    now: Date.now,
    logger: app.log,
    files: createRecordFiles(join(path, 'queries')),
    bounds: { running: 1, maxMs: 60_000, maxBytes: 1e6, maxDiskBytes: 1e7, keepMs: 60_000 },
  });
  eventRoutes(app, { store, cursors: createPageCursors(Buffer.alloc(32, 1)), queries, now: Date.now });
  sqlRoutes(app, { store });
  await app.ready();
  return {
    app,
    store,
    async close() {
      await app.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A record as the writer gives it to the store. */
export function storeRecord(offset: number, event: unknown, tenants: readonly string[]): StoreRecord {
  const value = Buffer.from(JSON.stringify(event));
  return {
    partition: 0,
    offset,
    receivedMs: Date.UTC(2026, 10, 21) + offset,
    source: 'source-a',
    sourceType: 'cadf',
    submitter: 'key-1',
    profile: 'lenient',
    tenants,
    digest: createHash('sha256').update(value).digest('hex'),
    value,
  };
}
