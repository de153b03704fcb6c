/** All routes of the query service over a real store, stream and control state, with callers by their tokens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, QueryLimits } from '@cadf-pipeline/event-store';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
  loadConfig,
} from '@cadf-pipeline/service-kit';
import type { Config, Principal } from '@cadf-pipeline/service-kit';
import { activityTopic } from '@cadf-pipeline/source-activity';
import type { FastifyInstance } from 'fastify';
import { record } from '../../../test/contract/store-suite.ts';
import { querySettings } from './config.ts';
import { queryErrors } from './errors.ts';
import { createQuery } from './query.ts';

export interface QueryApp {
  readonly app: FastifyInstance;
  readonly store: EventStore;
  /** Of the store: `store` in it; of the results of asynchronous queries: `queries`. */
  readonly path: string;
  /** The answer to `GET /cadf/v1/…` as JSON. */
  json(token: string, path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Stores texts at the next offsets. */
  insert(texts: readonly string[], tenants?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** By the id of the key, which is its token; what is not said is that of a reader of all. */
export type TestCallers = Readonly<Record<string, Partial<Principal>>>;

export interface QueryAppOptions {
  readonly limits?: Partial<QueryLimits>;
  readonly settings?: Partial<Config<typeof querySettings>>;
  /** Registered sources with their tenants. */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
  readonly now?: () => number;
  /** Instead of those of the service. */
  readonly routes?: (app: FastifyInstance, store: EventStore) => void;
}

export async function startQueryApp(
  callers: TestCallers = { root: {} },
  { limits = {}, now = Date.now, routes, settings, sources = {} }: QueryAppOptions = {},
): Promise<QueryApp> {
  const path = mkdtempSync(join(tmpdir(), 'query-'));
  const logger = createLogger({ name: 'test', level: 'silent' });
  const store = createChdbStore({ path: join(path, 'store'), limits });
  const stream = createLmdbStream({ path: join(path, 'stream') });
  const state = createControlState({ stream, logger });
  await store.migrate();
  await store.own([0]);
  await state.start();
  await stream.createTopics([activityTopic]);
  for (const [id, tenants] of Object.entries(sources)) {
    const source = { id, type: 'cadf', name: `Source ${id}`, tenants: [...tenants] };
    await state.change('source', id, source, { by: 'test', ifVersion: 0 });
  }
  const app = await createHttpServer({
    title: 'Test',
    version: '1',
    logger,
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
  const query = createQuery({
    config: { ...loadConfig(querySettings, {}), ...settings, CADF_DATA_DIR: path },
    logger,
    now,
    signingSecret: () => Buffer.alloc(32, 7),
    state,
    store,
    stream,
  });
  if (routes === undefined) await query.routes(app);
  else routes(app, store);
  await query.start();
  await app.ready();
  let offset = 0;
  return {
    app,
    store,
    path,
    async json(token, url) {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await app.inject({ url: `/cadf/v1/${url}`, headers });
      const body: unknown = JSON.parse(answer.body);
      return { status: answer.statusCode, body };
    },
    async insert(texts, tenants = ['a']) {
      const inserted = await store.insert(texts.map((text) => record(offset++, text, { tenants })));
      if (inserted.stored !== texts.length) throw new Error(JSON.stringify(inserted.unreadable));
    },
    async close() {
      await query.stop();
      await app.close();
      await state.close();
      await stream.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
