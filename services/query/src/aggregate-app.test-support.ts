/** The reading routes over a real store, with callers by their tokens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore } from '@cadf-pipeline/event-store';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
} from '@cadf-pipeline/service-kit';
import { createAsyncQueries } from './async-query/async-queries.ts';
import { createRecordFiles } from './async-query/record-files.ts';
import { queryErrors } from './errors.ts';
import { createPageCursors } from './page-cursor.ts';
import { eventRoutes } from './routes/events.ts';
import { facetRoutes } from './routes/facets.ts';
import { relatedRoutes } from './routes/related.ts';
import { taxonomyRoutes } from './routes/taxonomy.ts';
import { timelineRoutes } from './routes/timeline.ts';

export interface AggregateApp {
  readonly store: EventStore;
  /** The answer to `GET /cadf/v1/…` as JSON. */
  get(token: string, path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  close(): Promise<void>;
}

/** `callers`: tenants by token. */
export async function startAggregateApp(
  callers: Readonly<Record<string, '*' | readonly string[]>>,
  maxTexts?: number,
): Promise<AggregateApp> {
  const path = mkdtempSync(join(tmpdir(), 'aggregates-'));
  const store = createChdbStore({ path });
  await store.migrate();
  await store.own([0]);
  const app = await createHttpServer({
    title: 'Test',
    version: '1',
    logger: createLogger({ name: 'test', level: 'silent' }),
    verify: (token) => {
      const tenants = callers[token];
      return tenants === undefined
        ? { reason: 'unknown' }
        : { principal: { kind: 'key', id: token, name: token, roles: new Set(['query']), tenants } };
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
  const cursors = createPageCursors(Buffer.alloc(32, 7));
  eventRoutes(app, { store, cursors, queries, now: Date.now });
  relatedRoutes(app, { store });
  facetRoutes(app, { store, ...(maxTexts !== undefined && { maxTexts }) });
  timelineRoutes(app, { store });
  taxonomyRoutes(app, { store });
  await app.ready();
  return {
    store,
    async get(token, url) {
      const answer = await app.inject({
        url: `/cadf/v1/${url}`,
        headers: { authorization: `Bearer ${token}` },
      });
      const body: unknown = JSON.parse(answer.body);
      return { status: answer.statusCode, body };
    },
    async close() {
      await app.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
