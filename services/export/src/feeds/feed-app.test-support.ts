/** Feeds over a real stream, store and disk, with their routes, and keys of the control state. The clock is the test's. */
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendOwnEvent,
  controlErrors,
  createControlState,
  createKeyVerifier,
} from '@cadf-pipeline/control-state';
import type { ApiKey, ControlState } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, StoreRecord } from '@cadf-pipeline/event-store';
import {
  createLmdbStream,
  eventHeaders,
  eventKey,
  EVENTS_TOPIC,
  readEventHeaders,
  submissionHeaders,
} from '@cadf-pipeline/event-stream';
import { createEventTail } from '@cadf-pipeline/event-tail';
import { trustKeys } from '@cadf-pipeline/federation';
import type { TrustedKeys } from '@cadf-pipeline/federation';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
  createToken,
  hashKey,
  Secret,
} from '@cadf-pipeline/service-kit';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { mortalStream } from '../../../../test/support/mortal-stream.ts';
import { putMigratedStore } from '../../../../test/support/migrated-store.ts';
import { exportErrors } from '../errors.ts';
import { createFederationIdentity } from '../identity/federation-identity.ts';
import { createSecretBox } from '../subscription/secret-box.ts';
import { createFeedService } from './feed-service.ts';
import type { FeedServiceDependencies } from './feed-service.ts';

export interface Reply {
  readonly status: number;
  /** Status, with the code of a problem: `404 FEED_NOT_FOUND`. */
  readonly verdict: string;
  readonly headers: Readonly<Record<string, unknown>>;
  // Looked at as JSON of any form.
  readonly body: Record<string, unknown>;
  readonly bytes: Buffer;
}

export interface Accepted {
  readonly event: object;
  readonly tenants?: readonly string[];
  readonly source?: string;
}

export interface FeedApp {
  readonly state: ControlState;
  readonly store: EventStore;
  readonly issuer: string;
  /** Of all files of exports. */
  readonly files: string;
  /** Segments may be put below it. */
  readonly given: string;
  readonly keys: () => Promise<TrustedKeys>;
  /** Moves the clock on, ms. */
  pass(ms: number): void;
  now(): number;
  key(id: string, changes?: Partial<ApiKey>): Promise<string>;
  changeKey(id: string, changes: Partial<ApiKey>): Promise<void>;
  /** Calls a route below /cadf/v1: `POST feeds`. `key`: an id of `key`, or a token. */
  call(key: string, route: string, body?: object, headers?: Record<string, string>): Promise<Reply>;
  /** Puts events into the stream and the store. */
  accept(events: readonly Accepted[]): Promise<void>;
  /** Ends the service as a kill would: nothing it writes into the stream gets through; another one takes over. */
  restart(): Promise<void>;
  /** The process is killed at the n-th write to the records of feeds: before it gets through, or after it, unheard. */
  killAt(write: number, when: 'after' | 'before'): void;
  /** Whether it was. */
  isKilled(): boolean;
  /** A metric of the service that runs, without labels. */
  metric(name: string): Promise<number | undefined>;
  /** Texts of all events of the system in the stream. */
  audited(): Promise<readonly string[]>;
  /** The same, and whose they are: '' where only who reaches all tenants sees them. */
  auditRecords(): Promise<readonly { readonly text: string; readonly tenants: string }[]>;
}

const BOOTSTRAP = `cadf_bootstrap_${'Jm3vQ8rT1xYz7LbNc5KdWfGhPs2UaEo6'}`;
/** 2026-11-01T12:00:00Z, and some milliseconds. */
export const BEGIN_MS = Date.UTC(2026, 10, 1, 12) + 250;

export async function startFeedApp(more: FeedServiceDependencies['more'] = {}): Promise<FeedApp> {
  const path = mkdtempSync(join(tmpdir(), 'feeds-'));
  mkdirSync(join(path, 'given'));
  const logger = createLogger({ name: 'test', level: 'silent' });
  const stream = createLmdbStream({
    path: join(path, 'stream'),
    sweepIntervalMs: 0,
    tombstoneRetentionMs: 0,
  });
  putMigratedStore(join(path, 'store'));
  const store = createChdbStore({ path: join(path, 'store') });
  await store.migrate();
  await store.own([0]);
  await stream.createTopics([{ name: EVENTS_TOPIC, partitions: 1, cleanup: 'delete' }]);
  const state = createControlState({ stream, logger });
  await state.start();
  let nowMs = BEGIN_MS;
  const now = (): number => nowMs;
  const tail = createEventTail({ stream, store, logger });
  const box = createSecretBox(Buffer.alloc(32, 2));
  const identity = createFederationIdentity({ state, box, audit: () => Promise.resolve(), now });
  const verify = createKeyVerifier({ state, bootstrap: new Secret(BOOTSTRAP), now: Date.now });
  const tokens = new Map([['root', BOOTSTRAP]]);
  let life = new AbortController();
  /** Writes what is in the stream to the store, as the writer does. */
  let written = 0;
  let writing: Promise<void> = Promise.resolve();
  async function write(): Promise<void> {
    const rows: StoreRecord[] = [];
    const from = new Map([[0, written]]);
    for await (const { records } of stream.read(EVENTS_TOPIC, { from, follow: false }))
      for (const { headers, offset, partition, timestampMs, value } of records) {
        const { receivedMs, ...facts } = readEventHeaders(headers, timestampMs);
        rows.push({ ...facts, partition, offset, receivedMs, value: value ?? Buffer.alloc(0) });
      }
    if (rows.length > 0) await store.insert(rows);
    written += rows.length;
  }
  const pump = (): Promise<void> => (writing = writing.then(write));
  const pumping = setInterval(() => void pump(), 20);
  let running: {
    readonly http: FastifyInstance;
    readonly metrics: PipelineMetrics;
    readonly stop: () => Promise<void>;
  };

  let kill: { left: number; readonly when: 'after' | 'before' } | undefined;
  const watched: typeof stream = {
    ...stream,
    async append(topic, batch) {
      const isLast = topic === 'cadf.feeds' && kill !== undefined && --kill.left === 0;
      if (isLast && kill?.when === 'before') life.abort();
      if (life.signal.aborted) throw new Error('killed');
      const written = await stream.append(topic, batch);
      if (!isLast) return written;
      life.abort();
      throw new Error('killed');
    },
  };

  async function start(): Promise<typeof running> {
    const alive = mortalStream(watched, life.signal);
    const metrics = createPipelineMetrics({ process: false });
    const service = createFeedService({
      box,
      identity,
      audit: (event, tenants) => appendOwnEvent(alive, event, tenants, now()),
      host: {
        config: {
          CADF_DATA_DIR: path,
          CADF_EXPORT_DIR: join(path, 'exports'),
          CADF_EXPORT_ALLOW_PRIVATE: true,
          CADF_EXPORT_DIRECTORIES: [join(path, 'given')],
        } as never,
        logger,
        metrics,
        now,
        state,
        store,
        stream: alive,
        tail,
      },
      more: { pollMs: 5, ...more },
    });
    const http = await createHttpServer({
      title: 'Test',
      version: '1',
      logger,
      verify,
      health: createHealth({ checks: {} }),
      metrics,
      errors: [controlErrors, exportErrors],
    });
    service.routes(http);
    await http.ready();
    await service.start();
    return {
      http,
      metrics,
      async stop() {
        await service.stop();
        await http.close();
      },
    };
  }
  async function auditRecords(): ReturnType<FeedApp['auditRecords']> {
    const found: Awaited<ReturnType<FeedApp['auditRecords']>>[number][] = [];
    const from = new Map([[0, 0]]);
    for await (const { records } of stream.read(EVENTS_TOPIC, { from, follow: false }))
      for (const { headers, value } of records)
        if (headers['cadf-source'] === 'cadf-pipeline')
          found.push({ text: String(value), tenants: headers['cadf-tenants'] ?? '' });
    return found;
  }
  running = await start();
  onTestFinished(async () => {
    clearInterval(pumping);
    await writing;
    await running.stop();
    await tail.close();
    await state.close();
    await stream.close();
    await store.close();
    rmSync(path, { recursive: true, force: true });
  });

  return {
    state,
    store,
    issuer: await identity.issuer(),
    files: join(path, 'exports', 'feeds'),
    given: join(path, 'given'),
    keys: async () => {
      const { issuer, keys } = await identity.document();
      return trustKeys(keys, issuer);
    },
    pass: (ms) => void (nowMs += ms),
    now,
    async key(id, changes = {}) {
      const token = createToken(id);
      tokens.set(id, token);
      const created = new Date().toISOString();
      const entity = { id, name: `key ${id}`, hash: hashKey(token), created, roles: ['export' as const] };
      await state.change('key', id, { ...entity, tenants: ['a'], ...changes }, { by: 'test', ifVersion: 0 });
      return id;
    },
    async changeKey(id, changes) {
      const before = state.get('key', id);
      if (before === undefined) throw new Error(`there is no key ${id}`);
      await state.change(
        'key',
        id,
        { ...before.entity, ...changes },
        { by: 'test', ifVersion: before.version },
      );
    },
    async call(key, route, body, headers = {}) {
      const [method, url = ''] = route.split(' ');
      const answer = await running.http.inject({
        method: method as 'GET' | 'POST' | 'PATCH' | 'DELETE',
        url: `/cadf/v1/${url}`,
        headers: { ...(key === '' ? {} : { authorization: `Bearer ${tokens.get(key) ?? key}` }), ...headers },
        ...(body === undefined ? {} : { payload: body }),
      });
      const type = String(answer.headers['content-type']);
      const isJson = /^application\/(problem\+)?json/.test(type) && answer.statusCode !== 206;
      const parsed =
        answer.body === '' || !isJson ? {} : (JSON.parse(answer.body) as Record<string, unknown>);
      const status = answer.statusCode;
      const verdict = status < 400 ? String(status) : `${status} ${String(parsed['code'])}`;
      return { status, verdict, headers: answer.headers, body: parsed, bytes: answer.rawPayload };
    },
    async accept(events) {
      for (const { event, source = 'src', tenants = ['a'] } of events) {
        const value = Buffer.from(JSON.stringify(event));
        const headers = submissionHeaders({
          source,
          sourceType: 'cadf',
          submitter: 'test',
          profile: 'lenient',
          receivedMs: nowMs,
        });
        const own = eventHeaders({ tenants, digest: hash('sha256', value, 'hex') });
        await stream.append(EVENTS_TOPIC, {
          headers,
          records: [{ key: eventKey(source, hash('sha256', value, 'hex')), value, headers: own }],
        });
      }
      await pump();
    },
    killAt(write, when) {
      kill = { left: write, when };
    },
    isKilled: () => life.signal.aborted,
    async restart() {
      life.abort();
      await running.stop();
      life = new AbortController();
      kill = undefined;
      running = await start();
    },
    async metric(name) {
      const found = await running.metrics.registry.getSingleMetric(name)?.get();
      return found?.values[0]?.value;
    },
    audited: async () => (await auditRecords()).map(({ text }) => text),
    auditRecords,
  };
}

export function eventAt(id: string, timeMs: number, more: object = {}): object {
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id,
    eventType: 'activity',
    eventTime: new Date(timeMs).toISOString().replace('Z', '+00:00'),
    action: 'update',
    outcome: 'success',
    initiator: { id: 'u', typeURI: 'data/security/account/user', name: 'ada' },
    target: { id: 't', typeURI: 'service/compute', name: 'nova' },
    observer: { id: 'o', typeURI: 'service/security' },
    ...more,
  };
}
