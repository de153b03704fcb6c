/** The routes for events over a real store, with callers by their tokens. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, QueryLimits, StoreRecord } from '@cadf-pipeline/event-store';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
} from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { createAsyncQueries } from './async-query/async-queries.ts';
import type { AsyncBounds } from './async-query/async-queries.ts';
import { createRecordFiles } from './async-query/record-files.ts';
import { queryErrors } from './errors.ts';
import { createPageCursors } from './page-cursor.ts';
import { eventRoutes } from './routes/events.ts';
import { queryRoutes } from './routes/queries.ts';

export interface QueryApp {
  readonly app: FastifyInstance;
  readonly store: EventStore;
  readonly path: string;
  /** Stores texts at the next offsets. */
  insert(texts: readonly string[], tenants?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** By the id of the key, which is its token. */
export type TestCallers = Readonly<Record<string, Partial<Principal>>>;

export async function startQueryApp(
  callers: TestCallers = { root: {} },
  limits?: Partial<QueryLimits>,
  bounds?: Partial<AsyncBounds>,
): Promise<QueryApp> {
  const path = mkdtempSync(join(tmpdir(), 'query-'));
  const store = createChdbStore({ path: join(path, 'store'), ...(limits && { limits }) });
  await store.migrate();
  await store.own([0]);
  const app = await createHttpServer({
    title: 'Test',
    version: '1',
    logger: createLogger({ name: 'test', level: 'silent' }),
    verify: (token) => {
      const caller = callers[token];
      if (caller === undefined) return { reason: 'unknown' };
      const roles = new Set(['query'] as const);
      return { principal: { kind: 'key', id: token, name: token, roles, tenants: '*', ...caller } };
    },
    health: createHealth({ checks: {} }),
    metrics: createPipelineMetrics({ process: false }),
    errors: [queryErrors],
  });
  const cursors = createPageCursors(randomBytes(32));
  const queries = createAsyncQueries({
    store,
    now: Date.now,
    files: createRecordFiles(join(path, 'queries')),
    logger: app.log,
    bounds: {
      running: 1,
      maxMs: 60_000,
      maxBytes: 1_000_000,
      maxDiskBytes: 10_000_000,
      keepMs: 60_000,
      ...bounds,
    },
  });
  await queries.start();
  eventRoutes(app, { store, cursors, queries, now: Date.now });
  queryRoutes(app, { cursors, queries, now: Date.now });
  await app.ready();
  let offset = 0;
  return {
    app,
    store,
    path,
    async insert(texts, tenants = ['a']) {
      const inserted = await store.insert(texts.map((text) => storeRecord(offset++, text, tenants)));
      if (inserted.stored !== texts.length) throw new Error(JSON.stringify(inserted.unreadable));
    },
    async close() {
      await queries.stop();
      await app.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function storeRecord(offset: number, text: string, tenants: readonly string[]): StoreRecord {
  const value = Buffer.from(text);
  return {
    partition: 0,
    offset,
    receivedMs: Date.UTC(2026, 10, 1) + offset,
    source: 'source-a',
    sourceType: 'cadf',
    submitter: 'key-1',
    profile: 'lenient',
    tenants,
    digest: createHash('sha256').update(value).digest('hex'),
    value,
  };
}
