/** The routes of subscriptions over a real stream, store, tail and delivery, with keys of the control state. */
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendOwnEvent,
  controlErrors,
  createControlState,
  createKeyVerifier,
  SYSTEM_SOURCE,
} from '@cadf-pipeline/control-state';
import type { ApiKey, ControlState } from '@cadf-pipeline/control-state';
import { createChdbStore } from '@cadf-pipeline/event-store';
import {
  createLmdbStream,
  eventHeaders,
  eventKey,
  EVENTS_TOPIC,
  submissionHeaders,
} from '@cadf-pipeline/event-stream';
import { createEventTail, createTailCursors } from '@cadf-pipeline/event-tail';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
  createToken,
  hashKey,
  Secret,
} from '@cadf-pipeline/service-kit';
import { record } from '../../../../test/contract/store-suite.ts';
import { createDelivery } from '../delivery/delivery.ts';
import { exportErrors } from '../errors.ts';
import { openSink } from '../sinks/open-sink.ts';
import { createRights } from '../subscription/rights.ts';
import { createSecretBox } from '../subscription/secret-box.ts';
import { subscriptionApi } from './subscription-api.ts';
import { putMigratedStore } from '../../../../test/support/migrated-store.ts';

export interface Reply {
  readonly status: number;
  /** Status, with the code of a problem: `404 SUBSCRIPTION_NOT_FOUND`. */
  readonly verdict: string;
  readonly headers: Readonly<Record<string, unknown>>;
  // Looked at as JSON of any form.
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface Received {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly requests: Received[];
  /** Of the next answers. */
  status: number;
}

export interface SubscriptionApp {
  readonly state: ControlState;
  readonly receiver: Receiver;
  /** What the clock of routes and keys is ahead, ms. */
  aheadMs: number;
  /** Makes a key; answers its id, which `call` takes. */
  key(id: string, changes?: Partial<ApiKey>): Promise<string>;
  changeKey(id: string, changes: Partial<ApiKey> | null): Promise<void>;
  /** Calls a route below /cadf/v1: `POST subscriptions`. */
  call(key: string, route: string, body?: object | null, headers?: Record<string, string>): Promise<Reply>;
  /** Puts an event into the stream and the store. */
  event(id: string, tenants?: readonly string[]): Promise<void>;
  /** The audit events of changes in the stream, as text. */
  audited(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const BOOTSTRAP = `cadf_bootstrap_${'Jm3vQ8rT1xYz7LbNc5KdWfGhPs2UaEo6'}`;

export async function startSubscriptionApp(): Promise<SubscriptionApp> {
  const path = mkdtempSync(join(tmpdir(), 'subscriptions-'));
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
  const now = (): number => Date.now() + app.aheadMs;
  const metrics = createPipelineMetrics({ process: false });
  const tail = createEventTail({ stream, store, logger });
  const cursors = createTailCursors(Buffer.alloc(32, 1));
  const box = createSecretBox(Buffer.alloc(32, 2));
  const rights = createRights(state, now);
  const rules = { allowPrivate: true };
  const delivery = createDelivery({
    stream,
    state,
    tail,
    cursors,
    rights,
    registry: metrics.registry,
    logger,
    now,
    openSink: (subscription) =>
      openSink({ box, rules, now, topicPrefix: undefined, ownCluster: undefined }, subscription),
  });
  await delivery.start();
  const users: Record<string, string> = { user: 'a user of Keystone' };
  const verify = createKeyVerifier({ state, bootstrap: new Secret(BOOTSTRAP), now });
  const http = await createHttpServer({
    title: 'Test',
    version: '1',
    logger,
    verify: (token) => {
      const name = users[token];
      const roles = new Set(['query', 'export', 'admin'] as const);
      return name === undefined
        ? verify(token)
        : { principal: { kind: 'keystone', id: token, name, roles, tenants: ['a'] } };
    },
    health: createHealth({ checks: {} }),
    metrics,
    errors: [controlErrors, exportErrors],
  });
  subscriptionApi(http, {
    state,
    now,
    audit: (event, tenants) => appendOwnEvent(stream, event, tenants, Date.now()),
    tail,
    cursors,
    box,
    rights,
    receivers: { ...rules, ownTopicPrefix: 'subscribers.' },
    delivery,
  });
  await http.ready();
  const tokens = new Map([['root', BOOTSTRAP], ...Object.keys(users).map((user) => [user, user] as const)]);
  const { receiver, server } = await startReceiver();

  const app: SubscriptionApp = {
    state,
    receiver,
    aheadMs: 0,
    async key(id, changes = {}) {
      const token = createToken(id);
      tokens.set(id, token);
      const created = new Date().toISOString();
      const entity = { id, name: `key ${id}`, hash: hashKey(token), created, roles: ['export' as const] };
      const by = { by: 'test', ifVersion: 0 };
      await state.change('key', id, { ...entity, tenants: ['a'], ...changes }, by);
      return id;
    },
    async changeKey(id, changes) {
      const before = state.get('key', id);
      if (before === undefined) throw new Error(`there is no key ${id}`);
      const after = changes === null ? null : { ...before.entity, ...changes };
      await state.change('key', id, after, { by: 'test', ifVersion: before.version });
    },
    async call(key, route, body, headers = {}) {
      const [method, url = ''] = route.split(' ');
      const answer = await http.inject({
        method: method as 'GET' | 'POST' | 'PATCH' | 'DELETE',
        url: `/cadf/v1/${url}`,
        headers: { authorization: `Bearer ${tokens.get(key)}`, ...headers },
        ...(body === undefined || body === null ? {} : { payload: body }),
      });
      const text = answer.body;
      const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const status = answer.statusCode;
      const verdict = status < 400 ? String(status) : `${status} ${String(parsed['code'])}`;
      return { status, verdict, headers: answer.headers, body: parsed, text };
    },
    async event(id, tenants = ['a']) {
      const value = Buffer.from(JSON.stringify(eventOf(id)));
      const headers = submissionHeaders({
        source: 'src',
        sourceType: 'cadf',
        submitter: 'test',
        profile: 'lenient',
        receivedMs: Date.now(),
      });
      const own = eventHeaders({ tenants, digest: hash('sha256', value, 'hex') });
      const [position] = await stream.append(EVENTS_TOPIC, {
        headers,
        records: [{ key: eventKey('src', id), value, headers: own }],
      });
      await store.insert([
        record(position?.offset ?? 0, value.toString(), { tenants: [...tenants], source: 'src' }),
      ]);
      tail.stored();
    },
    async audited() {
      const found: string[] = [];
      const from = new Map([[0, 0]]);
      for await (const { records } of stream.read(EVENTS_TOPIC, { from, follow: false }))
        for (const { headers, value } of records)
          if (headers['cadf-source'] === SYSTEM_SOURCE) found.push(String(value));
      return found;
    },
    async close() {
      await delivery.stop();
      await http.close();
      await tail.close();
      await state.close();
      await stream.close();
      await store.close();
      server.closeAllConnections();
      server.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
  return app;
}

async function startReceiver(): Promise<{ receiver: Receiver; server: ReturnType<typeof createServer> }> {
  const requests: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      requests.push({ headers: request.headers, body });
      // As servers do that tell where something has moved to.
      const moved = receiver.status >= 300 && receiver.status < 400;
      response
        .writeHead(receiver.status, moved ? { location: `${request.url ?? ''}/` } : {})
        .end(moved ? `see ${request.url ?? ''}` : 'heard');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = { url: `http://127.0.0.1:${port}/hook?token=T0KEN`, requests, status: 200 };
  return { receiver, server };
}

function eventOf(id: string): object {
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id,
    eventType: 'activity',
    eventTime: '2026-11-01T12:00:00.000+00:00',
    action: 'update',
    outcome: id.startsWith('bad') ? 'failure' : 'success',
    initiator: { id: 'u', typeURI: 'data/security/account/user', name: 'ada' },
    target: { id: 't', typeURI: 'service/compute', name: 'nova' },
    observer: { id: 'o', typeURI: 'service/security' },
  };
}
