/** The routes over a real store, with callers by their tokens. */
import { createHash } from 'node:crypto';
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
import { queryErrors } from '../errors.ts';
import { hermesRoutes } from './routes.ts';

export interface HermesApp {
  readonly app: FastifyInstance;
  readonly store: EventStore;
  /** Asks as a caller (its id is its token; '' none), under the host `audit.example`. */
  get(caller: string, url: string): Promise<HermesAnswer>;
  close(): Promise<void>;
}

export interface HermesAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  json<T = Record<string, unknown>>(): T;
}

export interface HermesAppOptions {
  readonly callers: Readonly<Record<string, Partial<Principal>>>;
  readonly origins?: readonly string[];
  readonly limits?: Partial<QueryLimits>;
}

export async function startHermesApp({
  callers,
  limits,
  origins = [],
}: HermesAppOptions): Promise<HermesApp> {
  const path = mkdtempSync(join(tmpdir(), 'hermes-'));
  const store = createChdbStore({ path, ...(limits && { limits }) });
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
  hermesRoutes(app, { store, origins });
  await app.ready();
  return {
    app,
    store,
    async get(caller, url) {
      const headers = { host: 'audit.example', ...(caller === '' ? {} : { 'x-auth-token': caller }) };
      const answer = await app.inject({ url, headers });
      return {
        status: answer.statusCode,
        text: answer.payload,
        headers: answer.headers,
        json: <T>() => answer.json<T>(),
      };
    },
    async close() {
      await app.close();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Records as the writer gives them to the store, from an offset on. */
export function storeRecords(
  from: number,
  tenants: readonly string[],
  events: readonly unknown[],
): StoreRecord[] {
  return events.map((event, index) => {
    const value = Buffer.from(JSON.stringify(event));
    return {
      partition: 0,
      offset: from + index,
      receivedMs: Date.UTC(2026, 10, 1),
      source: 'keystone',
      sourceType: 'cadf',
      submitter: 'key-1',
      profile: 'openstack',
      tenants,
      digest: createHash('sha256').update(value).digest('hex'),
      value,
    };
  });
}
