/** The routes over a real store, stream and control state, with callers by their tokens. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, QueryLimits, StoreRecord } from '@cadf-pipeline/event-store';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
} from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { activityTopic, createActivityReader } from '@cadf-pipeline/source-activity';
import type { FastifyInstance } from 'fastify';
import { queryErrors } from '../errors.ts';
import { cimiRoutes } from './routes.ts';

export interface CimiApp {
  readonly app: FastifyInstance;
  readonly store: EventStore;
  close(): Promise<void>;
}

export interface CimiAppOptions {
  /** By the id of the key, which is its token. */
  readonly callers: Readonly<Record<string, Partial<Principal>>>;
  readonly sources?: Readonly<Record<string, readonly string[]>>;
  readonly limits?: Partial<QueryLimits>;
}

export const NOW = Date.UTC(2026, 10, 2);

export async function startCimiApp({ callers, limits, sources = {} }: CimiAppOptions): Promise<CimiApp> {
  const path = mkdtempSync(join(tmpdir(), 'cimi-'));
  const logger = createLogger({ name: 'test', level: 'silent' });
  const store = createChdbStore({ path: join(path, 'store'), ...(limits && { limits }) });
  const stream = createLmdbStream({ path: join(path, 'stream') });
  const state = createControlState({ stream, logger });
  await store.migrate();
  await store.own([0]);
  await state.start();
  await stream.createTopics([activityTopic]);
  for (const [id, tenants] of Object.entries(sources))
    await state.change(
      'source',
      id,
      { id, type: 'cadf', name: `Source ${id}`, tenants: [...tenants] },
      {
        by: 'test',
        ifVersion: 0,
      },
    );
  const app = await createHttpServer({
    title: 'Test',
    version: '1',
    logger,
    verify: (token) => {
      const caller = callers[token];
      return caller === undefined
        ? { reason: 'unknown' }
        : {
            principal: {
              kind: 'key',
              id: token,
              name: token,
              roles: new Set(['query']),
              tenants: '*',
              ...caller,
            },
          };
    },
    health: createHealth({ checks: {} }),
    metrics: createPipelineMetrics({ process: false }),
    errors: [queryErrors],
  });
  cimiRoutes(app, { store, state, activity: createActivityReader({ stream, logger }), now: () => NOW });
  await app.ready();
  return {
    app,
    store,
    async close() {
      await app.close();
      await state.close();
      await stream.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A record as the writer gives it to the store; a text is the event as it was received. */
export function storeRecord(
  offset: number,
  event: unknown,
  { source, tenants }: { readonly source: string; readonly tenants: readonly string[] },
): StoreRecord {
  const value = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));
  return {
    partition: 0,
    offset,
    receivedMs: Date.UTC(2026, 10, 1) + offset * 777,
    source,
    sourceType: 'cadf',
    submitter: 'key-1',
    profile: 'lenient',
    tenants,
    digest: createHash('sha256').update(value).digest('hex'),
    value,
  };
}
