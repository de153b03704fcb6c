/** All routes of the query service over a real store, stream and control state, with callers by their tokens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlErrors, createControlState } from '@cadf-pipeline/control-state';
import type { ControlState } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, QueryLimits } from '@cadf-pipeline/event-store';
import { createEventTail } from '@cadf-pipeline/event-tail';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
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
import { putMigratedStore } from '../../../test/support/migrated-store.ts';

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

/** What the routes of one process are over. */
export interface QueryProcessBackends {
  readonly store: EventStore;
  readonly stream: EventStream;
  /** CADF_DATA_DIR. */
  readonly path: string;
}

export interface QueryProcess {
  readonly app: FastifyInstance;
  readonly state: ControlState;
  close(): Promise<void>;
}

/** The query service over backends that somebody else opens and closes. */
export async function startQueryProcess(
  { path, store, stream }: QueryProcessBackends,
  callers: TestCallers,
  { now = Date.now, routes, settings }: Pick<QueryAppOptions, 'now' | 'routes' | 'settings'> = {},
): Promise<QueryProcess> {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const state = createControlState({ stream, logger });
  await state.start();
  await stream.createTopics([activityTopic]);
  const metrics = createPipelineMetrics({ process: false });
  const tail = createEventTail({ stream, store, logger });
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
    metrics,
    errors: [controlErrors, queryErrors],
  });
  const query = createQuery({
    config: { ...loadConfig(querySettings, {}), ...settings, CADF_DATA_DIR: path },
    logger,
    metrics,
    now,
    signingSecret: () => Buffer.alloc(32, 7),
    state,
    store,
    stream,
    tail,
  });
  if (routes === undefined) await query.routes(app);
  else routes(app, store);
  await query.start();
  await app.ready();
  return {
    app,
    state,
    async close() {
      await query.stop();
      await app.close();
      await tail.close();
      await state.close();
    },
  };
}

export async function startQueryApp(
  callers: TestCallers = { root: {} },
  { limits = {}, sources = {}, ...options }: QueryAppOptions = {},
): Promise<QueryApp> {
  const path = mkdtempSync(join(tmpdir(), 'query-'));
  putMigratedStore(join(path, 'store'));
  const store = createChdbStore({ path: join(path, 'store'), limits });
  const stream = createLmdbStream({ path: join(path, 'stream') });
  await store.migrate();
  await store.own([0]);
  const process = await startQueryProcess({ path, store, stream }, callers, options);
  for (const [id, tenants] of Object.entries(sources)) {
    const source = { id, type: 'cadf', name: `Source ${id}`, tenants: [...tenants] };
    await process.state.change('source', id, source, { by: 'test', ifVersion: 0 });
  }
  let offset = 0;
  const { app } = process;
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
      await process.close();
      await stream.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
