/** Imports over a real stream, real files and the routes, with keys of the control state. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  controlErrors,
  createControlState,
  createKeyVerifier,
  createTenantRouter,
} from '@cadf-pipeline/control-state';
import type { ApiKey, ControlState } from '@cadf-pipeline/control-state';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream, StreamRecord } from '@cadf-pipeline/event-stream';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
  createToken,
  hashKey,
  loadConfig,
  Secret,
} from '@cadf-pipeline/service-kit';
import { onTestFinished } from 'vitest';
import { ingestErrors } from '../errors.ts';
import { loadSources } from '../source-registry.ts';
import { createRecordIntake } from '../records/record-intake.ts';
import { createRecentEvents } from '../submission/recent-events.ts';
import { DEAD_LETTERS_TOPIC, EVENTS_TOPIC, topics } from '../topics.ts';
import { importSettings } from './import-settings.ts';
import { createImports } from './imports.ts';

export const BOOTSTRAP = `cadf_bootstrap_${'Jm3vQ8rT1xYz7LbNc5KdWfGhPs2UaEo6'}`;

export interface Reply {
  readonly status: number;
  /** Status, with the code of a problem: `404 IMPORT_NOT_FOUND`. */
  readonly verdict: string;
  // Looked at as JSON of any form.
  readonly body: Record<string, unknown>;
}

export interface Shown {
  readonly state: string;
  readonly counts: Record<string, number>;
  readonly segments: number;
  readonly files: number;
  readonly refused: number;
  readonly sequence?: number;
  readonly fault?: { readonly code: string; readonly file?: string; readonly message: string };
  readonly recent: readonly { readonly code: string; readonly file?: string }[];
  readonly gaps?: readonly object[];
}

export interface ImportApp {
  readonly state: ControlState;
  readonly stream: EventStream;
  readonly url: string;
  /** A directory that imports may read. */
  readonly folder: string;
  /** Where imports keep their files. */
  readonly kept: string;
  /** Makes a key; answers its token. */
  key(id: string, changes?: Partial<ApiKey>): Promise<string>;
  /** Calls a route below /cadf/v1: `POST imports`. */
  call(route: string, body?: object | Buffer, token?: string): Promise<Reply>;
  status(id: string): Promise<Shown>;
  /** Waits until the status is so. */
  until(id: string, holds: (status: Shown) => boolean): Promise<Shown>;
  records(topic?: string): Promise<readonly StreamRecord[]>;
  /** Events of imports, without those of the system itself. */
  events(): Promise<readonly StreamRecord[]>;
  letters(): Promise<readonly StreamRecord[]>;
}

export async function startImportApp(env: Record<string, string> = {}): Promise<ImportApp> {
  const path = mkdtempSync(join(tmpdir(), 'imports-'));
  const folder = join(path, 'readable');
  mkdirSync(folder);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const stream = createLmdbStream({ path: join(path, 'stream'), sweepIntervalMs: 0 });
  await stream.createTopics(topics({ partitions: 1, retentionMs: 1e9 }));
  const state = createControlState({ stream, logger });
  await state.start();
  const metrics = createPipelineMetrics({ process: false });
  const router = createTenantRouter(state);
  const activity = {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    ended: () => undefined,
    unmapped: () => undefined,
    ignoredBy: () => undefined,
    polled: () => undefined,
  };
  const sources = await loadSources();
  const settings = loadConfig(importSettings, {
    CADF_IMPORT_DIRECTORIES: folder,
    CADF_FEDERATION_ALLOW_PRIVATE: 'true',
    ...env,
  });
  const config = { ...settings, CADF_DATA_DIR: path, CADF_MASK_TOKENS: true };
  const imports = createImports({
    host: {
      config,
      logger,
      metrics,
      now: Date.now,
      router,
      signingSecret: () => Buffer.alloc(32, 3),
      state,
      stream,
    },
    sources,
    intake: createRecordIntake({
      activity,
      stream,
      recent: createRecentEvents(),
      router,
      sources,
      metrics,
      maskTokens: true,
      now: Date.now,
    }),
    activity,
    pressure: { reason: () => undefined, start: () => undefined, stop: () => undefined },
    limits: {
      maxBodyBytes: 1e7,
      maxUnpackedBytes: 1e6,
      maxEventBytes: 100_000,
      maxEvents: 10_000,
      maxDepth: 64,
    },
  });
  const http = await createHttpServer({
    title: 'Test',
    version: '1',
    logger,
    verify: createKeyVerifier({ state, bootstrap: new Secret(BOOTSTRAP) }),
    health: createHealth({ checks: {} }),
    metrics,
    errors: [controlErrors, ingestErrors],
  });
  await http.register(async (scope) => imports.routes(scope));
  await imports.start();
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await http.close();
    await imports.stop();
    await state.close();
    await stream.close();
    rmSync(path, { recursive: true, force: true });
  });

  async function call(route: string, body?: object | Buffer, token = BOOTSTRAP): Promise<Reply> {
    const [method = 'GET', below = ''] = route.split(' ');
    const answer = await fetch(`${url}/cadf/v1/${below}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined
          ? {}
          : { 'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined
        ? {}
        : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const code = parsed['code'];
    return {
      status: answer.status,
      verdict: typeof code === 'string' ? `${answer.status} ${code}` : String(answer.status),
      body: parsed,
    };
  }

  async function status(id: string): Promise<Shown> {
    const { body } = await call(`GET imports/${id}`);
    return body['status'] as Shown;
  }

  async function records(topic = EVENTS_TOPIC): Promise<readonly StreamRecord[]> {
    const found: StreamRecord[] = [];
    const bounds = await stream.bounds(topic);
    const from = new Map([...bounds].map(([partition, { first }]) => [partition, first]));
    for await (const batch of stream.read(topic, { from, follow: false })) found.push(...batch.records);
    return found;
  }

  return {
    state,
    stream,
    url,
    folder,
    kept: join(path, 'imports'),
    call,
    status,
    records,
    async key(id, changes = {}) {
      const token = createToken(id);
      const entity: ApiKey = {
        id,
        name: id,
        hash: hashKey(token),
        roles: ['submit'],
        tenants: '*',
        created: new Date().toISOString(),
        ...changes,
      };
      await state.change('key', id, entity, { by: 'test', ifVersion: 0 });
      return token;
    },
    async until(id, holds) {
      const deadline = Date.now() + 8000;
      for (;;) {
        const now = await status(id);
        if (now !== undefined && holds(now)) return now;
        if (Date.now() > deadline) throw new Error(`never: ${JSON.stringify(now)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    events: async () => (await records()).filter(({ headers }) => headers['cadf-source'] !== 'cadf-pipeline'),
    letters: () => records(DEAD_LETTERS_TOPIC),
  };
}
