import { isValid, validateEvent } from '@cadf-pipeline/cadf-model';
import {
  createHealth,
  createHttpServer,
  createLogger,
  createPipelineMetrics,
  ProblemError,
  dependencyErrors,
  Secret,
} from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

import type { ControlChangeEvent } from '../control-change-event.ts';
import { controlErrors } from '../control-errors.ts';
import type { ControlState } from '../control-state.ts';
import { openTestStream, startTestState } from '../control-state.test-support.ts';
import { createKeyVerifier } from '../key-verifier.ts';
import { adminRoutes } from './admin-routes.ts';

const root = 'mJ2bG0i9Zc4yWqXn1oVtRk7LsUe5aHdP';

interface Setup {
  readonly app: FastifyInstance;
  readonly state: ControlState;
  readonly audited: { readonly event: ControlChangeEvent; readonly tenants: readonly string[] }[];
  /** Makes the writing of audit events fail from now on. */
  readonly failAudit: () => void;
  /** Calls a route under /cadf/v1/admin. */
  readonly call: (
    token: string,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    payload?: object,
    headers?: object,
  ) => Promise<{
    readonly status: number;
    readonly etag: string;
    // The answers are looked at as JSON of any form.
    readonly body: Record<string, unknown> & {
      readonly token: string;
      readonly id: string;
      readonly items: { id: string }[];
    };
    readonly text: string;
  }>;
}

async function setUp(): Promise<Setup> {
  const { state } = await startTestState({ stream: await openTestStream() });
  const audited: Setup['audited'] = [];
  let failing = false;
  const app = await createHttpServer({
    title: 'Test',
    version: '1',
    logger: createLogger({ name: 'test', level: 'silent' }),
    verify: createKeyVerifier({ state, bootstrap: new Secret(root) }),
    health: createHealth({ checks: {} }),
    metrics: createPipelineMetrics({ process: false }),
    errors: [controlErrors],
    attempts: { burst: 1000, refillMs: 1, maxAddresses: 10 },
  });
  await app.register(adminRoutes, {
    prefix: '/cadf/v1/admin',
    state,
    audit: async (event, tenants) => {
      if (failing) throw new ProblemError(dependencyErrors.STREAM_UNAVAILABLE);
      audited.push({ event, tenants });
      return Promise.resolve();
    },
  });
  onTestFinished(() => app.close());
  return {
    app,
    state,
    audited,
    failAudit: () => (failing = true),
    call: async (token, method, path, payload, headers = {}) => {
      const answer = await app.inject({
        method,
        url: `/cadf/v1/admin${path}`,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
      const text = answer.body;
      return {
        status: answer.statusCode,
        etag: String(answer.headers.etag),
        body: JSON.parse(text || '{}'),
        text,
      };
    },
  };
}

/** Makes a key with the bootstrap key and answers its token. */
async function keyFor({ call }: Setup, key: object): Promise<string> {
  const made = await call(root, 'POST', '/keys', { name: 'x', ...key });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return made.body.token;
}

test('a key is shown once with its token, works at once, and never shows its hash', async () => {
  const setup = await setUp();
  const made = await setup.call(root, 'POST', '/keys', {
    name: 'Auditor',
    roles: ['query', 'admin'],
    tenants: ['t1'],
  });
  expect(made.status).toBe(201);
  expect(made.body.token).toMatch(/^cadf_[0-9a-f]{12}_[\w-]{43}$/);
  const { id, token } = made.body;
  const read = await setup.call(token, 'GET', `/keys/${id}`);
  expect(read.body).toEqual({ ...made.body, token: undefined });
  expect(read.etag).toBe(`"${String(made.body['version'])}"`);
  const list = await setup.call(root, 'GET', '/keys');
  expect(list.body.items).toEqual([read.body]);
  for (const { text } of [made, read, list]) expect(text).not.toMatch(/hash|[0-9a-f]{64}/);
  expect(JSON.stringify(setup.audited)).not.toMatch(/hash|[0-9a-f]{64}/);
  expect(JSON.stringify(setup.audited)).not.toContain(token);
});

test('a revoked key is refused from the next request on, and stays revoked when it is changed', async () => {
  const setup = await setUp();
  const token = await keyFor(setup, { id: 'k1', roles: ['admin'], tenants: '*' });
  expect((await setup.call(token, 'GET', '/keys')).status).toBe(200);
  expect((await setup.call(root, 'POST', '/keys/k1/revoke')).body).toMatchObject({
    revoked: expect.any(String),
  });
  expect((await setup.call(token, 'GET', '/keys')).status).toBe(401);
  const changed = await setup.call(root, 'PUT', '/keys/k1', { name: 'y', roles: ['admin'], tenants: '*' });
  expect(changed.body).toMatchObject({ name: 'y', revoked: expect.any(String) });
  expect((await setup.call(token, 'GET', '/keys')).status).toBe(401);
  expect((await setup.call(root, 'DELETE', '/keys/k1')).status).toBe(204);
  expect((await setup.call(root, 'GET', '/keys/k1')).body).toMatchObject({ code: 'CONTROL_UNKNOWN' });
});

test.each([
  ['tenants', { id: 't/1', name: 'One' }, { name: 'Uno' }],
  [
    'sources',
    { id: 'region-a', type: 'cadf', name: 'A', tenants: ['t1'] },
    { name: 'B', type: 'libvirt-audit', follow: { path: '/var/log/x' } },
  ],
  ['rules', { id: 'r1', path: 'initiator/project_id' }, { path: 'target/x', values: { a: 't1' } }],
])('%s are created, listed, read, replaced and deleted', async (path, created, replacement) => {
  const { call } = await setUp();
  const at = `/${path}/${encodeURIComponent(created.id)}`;
  const made = await call(root, 'POST', `/${path}`, created);
  expect([made.status, made.body]).toEqual([201, { ...created, version: expect.any(Number) }]);
  expect((await call(root, 'POST', `/${path}`, created)).body).toMatchObject({
    code: 'CONTROL_EXISTS',
    status: 409,
  });
  expect((await call(root, 'GET', `/${path}`)).body).toEqual({ items: [made.body] });
  expect((await call(root, 'GET', at)).body).toEqual(made.body);
  const wrong = await call(root, 'PUT', at, replacement, { 'if-match': '"1"' });
  expect(wrong.body).toMatchObject({ code: 'CONTROL_VERSION', status: 412 });
  const replaced = await call(root, 'PUT', at, replacement, { 'if-match': made.etag });
  expect(replaced.body).toEqual({ ...replacement, id: created.id, version: expect.any(Number) });
  expect(replaced.etag).not.toBe(made.etag);
  expect((await call(root, 'DELETE', at, undefined, { 'if-match': made.etag })).status).toBe(412);
  expect((await call(root, 'DELETE', at)).status).toBe(204);
  expect((await call(root, 'GET', at)).status).toBe(404);
  expect((await call(root, 'PUT', at, replacement, { 'if-match': '"9"' })).status).toBe(404);
  expect((await call(root, 'PUT', at, replacement)).status).toBe(201);
});

test('bodies that do not fit are refused with the place', async () => {
  const { call } = await setUp();
  const bad: readonly (readonly [string, object])[] = [
    ['/keys', { name: 'x', roles: ['root'], tenants: '*' }],
    ['/keys', { name: 'x', roles: ['query'], tenants: ['*'] }],
    ['/keys', { name: 'x', roles: ['query'], tenants: '*', hash: 'a' }],
    ['/keys', { name: 'x', roles: ['query'], tenants: '*', id: 'a_b' }],
    ['/keys', { name: 'x', roles: ['query'], tenants: '*', id: 'bootstrap' }],
    ['/keys', { name: 'x', roles: ['query'], tenants: '*', expires: '2026-13-41T00:00:00Z' }],
    ['/keys', { name: 'x', roles: ['query'], tenants: '*', source: 'unknown' }],
    ['/tenants', { id: '*', name: 'x' }],
    ['/tenants', { id: 'x', name: 'x', extra: 1 }],
    ['/sources', { id: 'key-abc', type: 'cadf', name: 'x' }],
    ['/sources', { id: 'a/b', type: 'cadf', name: 'x' }],
    ['/sources', { id: 'a', type: 'cadf', name: 'x', follow: { path: 'relative' } }],
    ['/rules', { id: 'r', path: '/initiator/project_id' }],
  ];
  for (const [path, payload] of bad) {
    const answer = await call(root, 'POST', path, payload);
    expect([JSON.stringify(payload), answer.status < 500 && answer.status >= 400]).toEqual([
      JSON.stringify(payload),
      true,
    ]);
    expect(['REQUEST_INVALID', 'CONTROL_INVALID']).toContain(answer.body['code']);
  }
});

test('lists come in pages, each thing once, in order of id', async () => {
  const { call } = await setUp();
  for (const id of ['c', 'a', 'e', 'b', 'd']) await call(root, 'POST', '/tenants', { id, name: id });
  const seen: string[] = [];
  let path: string | undefined = '/tenants?limit=2';
  while (path !== undefined) {
    const answer = await call(root, 'GET', path);
    expect(answer.body.items.length).toBeLessThanOrEqual(2);
    seen.push(...answer.body.items.map((item) => item.id));
    path =
      answer.body['next'] === undefined ? undefined : `/tenants?limit=2&after=${String(answer.body['next'])}`;
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect((await call(root, 'GET', '/tenants?limit=0')).status).toBe(400);
});

test('every route refuses a key without the role admin', async () => {
  const setup = await setUp();
  const token = await keyFor(setup, { roles: ['submit', 'query', 'export'], tenants: '*' });
  const routes: readonly (readonly ['GET' | 'POST' | 'PUT' | 'DELETE', string])[] = [
    'keys',
    'tenants',
    'sources',
    'rules',
  ].flatMap(
    (path) =>
      [
        ['GET', `/${path}`],
        ['POST', `/${path}`],
        ['GET', `/${path}/x`],
        ['PUT', `/${path}/x`],
        ['DELETE', `/${path}/x`],
      ] as const,
  );
  for (const [method, path] of [...routes, ['POST', '/keys/x/revoke'] as const]) {
    const answer = await setup.call(
      token,
      method,
      path,
      method === 'GET' || method === 'DELETE' ? undefined : {},
    );
    expect([method, path, answer.body['code']]).toEqual([method, path, 'FORBIDDEN_ROLE']);
    expect((await setup.call('nonsense', method, path)).status).toBe(401);
  }
  expect(setup.audited).toHaveLength(2);
});

test('an admin bound to tenants sees and manages only keys within them', async () => {
  const setup = await setUp();
  const { call } = setup;
  await call(root, 'POST', '/sources', { id: 'theirs', type: 'cadf', name: 'x', tenants: ['t1'] });
  await call(root, 'POST', '/sources', { id: 'provider', type: 'cadf', name: 'x' });
  const admin = await keyFor(setup, {
    id: 'admin1',
    roles: ['admin', 'query', 'submit'],
    tenants: ['t1', 't2'],
  });
  await keyFor(setup, { id: 'inside', roles: ['query'], tenants: ['t1'] });
  await keyFor(setup, { id: 'wider', roles: ['query'], tenants: ['t1', 't3'] });
  await keyFor(setup, { id: 'all', roles: ['query'], tenants: '*' });
  await keyFor(setup, { id: 'none', roles: ['query'], tenants: [] });
  await keyFor(setup, { id: 'exporter', roles: ['export'], tenants: ['t1'] });

  const list = await call(admin, 'GET', '/keys');
  expect(list.body.items.map((item) => item.id)).toEqual(['admin1', 'exporter', 'inside']);
  for (const id of ['wider', 'all', 'none', 'missing']) {
    for (const [method, path] of [
      ['GET', `/keys/${id}`],
      ['DELETE', `/keys/${id}`],
      ['POST', `/keys/${id}/revoke`],
    ] as const) {
      expect([id, (await call(admin, method, path)).body['code']]).toEqual([id, 'CONTROL_UNKNOWN']);
    }
    const put = await call(admin, 'PUT', `/keys/${id}`, { name: 'x', roles: ['query'], tenants: ['t1'] });
    expect([id, put.body['code']]).toEqual([id, 'CONTROL_UNKNOWN']);
  }
  const make = async (key: object): Promise<unknown> =>
    (await call(admin, 'POST', '/keys', { name: 'x', roles: ['query'], tenants: ['t1'], ...key })).body[
      'code'
    ];
  expect(await make({})).toBeUndefined();
  expect(await make({ source: 'theirs', roles: ['submit'] })).toBeUndefined();
  expect(await make({ tenants: '*' })).toBe('FORBIDDEN_BEYOND_OWN');
  expect(await make({ tenants: [] })).toBe('FORBIDDEN_BEYOND_OWN');
  expect(await make({ tenants: ['t1', 't3'] })).toBe('FORBIDDEN_BEYOND_OWN');
  expect(await make({ roles: ['query', 'export'] })).toBe('FORBIDDEN_BEYOND_OWN');
  expect(await make({ source: 'provider' })).toBe('FORBIDDEN_BEYOND_OWN');
  expect(await make({ source: 'missing' })).toBe('FORBIDDEN_BEYOND_OWN');
  const wider = await call(admin, 'PUT', '/keys/inside', { name: 'x', roles: ['query'], tenants: ['t3'] });
  expect(wider.body['code']).toBe('FORBIDDEN_BEYOND_OWN');
  const self = await call(admin, 'PUT', '/keys/admin1', {
    name: 'x',
    roles: ['admin', 'export'],
    tenants: ['t1'],
  });
  expect(self.body['code']).toBe('FORBIDDEN_BEYOND_OWN');
  expect((await call(admin, 'POST', '/keys/exporter/revoke')).status).toBe(200);
  expect((await call(admin, 'DELETE', '/keys/inside')).status).toBe(204);

  for (const path of ['tenants', 'sources', 'rules']) {
    for (const [method, at] of [
      ['GET', `/${path}`],
      ['GET', `/${path}/theirs`],
      ['DELETE', `/${path}/theirs`],
    ] as const) {
      expect([at, (await call(admin, method, at)).body['code']]).toEqual([at, 'FORBIDDEN_BEYOND_OWN']);
    }
  }
  const rule = await call(admin, 'POST', '/rules', { id: 'r', path: 'x' });
  expect(rule.body['code']).toBe('FORBIDDEN_BEYOND_OWN');
});

test('a key bound to a source makes keys for that source only', async () => {
  const setup = await setUp();
  await setup.call(root, 'POST', '/sources', { id: 's', type: 'cadf', name: 'x' });
  const admin = await keyFor(setup, { roles: ['admin', 'submit'], tenants: '*', source: 's' });
  const key = { name: 'x', roles: ['submit'], tenants: '*' };
  expect((await setup.call(admin, 'POST', '/keys', key)).body['code']).toBe('FORBIDDEN_BEYOND_OWN');
  expect((await setup.call(admin, 'POST', '/keys', { ...key, source: 's' })).status).toBe(201);
});

test('each change is recorded as a strict CADF event, first the attempt, then its end, under one id', async () => {
  const setup = await setUp();
  await setup.call(root, 'POST', '/keys', { id: 'k', name: 'Key', roles: ['query'], tenants: ['t2', 't1'] });
  await setup.call(root, 'POST', '/keys/k/revoke');
  await setup.call(root, 'POST', '/tenants', { id: 't1', name: 'One' });
  await setup.call(root, 'PUT', '/tenants/t1', { name: 'Uno' });
  await setup.call(root, 'DELETE', '/tenants/t1');
  await setup.call(root, 'POST', '/sources', { id: 's', type: 'cadf', name: 'S', tenants: ['t1'] });
  await setup.call(root, 'POST', '/rules', { id: 'r', path: 'x' });
  await setup.call(root, 'DELETE', '/rules/none');
  for (const { event } of setup.audited) {
    expect([event, validateEvent(event, 'strict')]).toEqual([event, []]);
    expect(isValid(validateEvent(event, 'openstack'))).toBe(true);
  }
  const told = setup.audited.map(({ event, tenants }) => {
    const { action, outcome, target } = event as {
      action?: string;
      outcome?: string;
      target?: { typeURI: string; id: string };
    };
    return `${action} ${outcome} ${target?.typeURI} ${target?.id} [${tenants.join(' ')}]`;
  });
  const pair = (text: string): string[] => [text.replace('…', 'pending'), text.replace('…', 'success')];
  expect(told).toEqual([
    ...pair('create … data/security/credential k [t1 t2]'),
    ...pair('revoke … data/security/credential k [t1 t2]'),
    ...pair('create … data/security/account/tenant t1 [t1]'),
    ...pair('update … data/security/account/tenant t1 [t1]'),
    ...pair('delete … data/security/account/tenant t1 [t1]'),
    ...pair('create … data/security/node/source s [t1]'),
    ...pair('create … data/security/policy/rule r []'),
    'delete failure data/security/policy/rule none []',
  ]);
  const ids = setup.audited.map(({ event }) => event.id);
  expect(ids.length - new Set(ids).size).toBe(7);
  expect(setup.audited[7]!.event).toMatchObject({
    initiator: { id: 'bootstrap', host: { address: '127.0.0.1' } },
    attachments: [
      { name: 'before', content: { id: 't1', name: 'One' } },
      { name: 'after', content: { id: 't1', name: 'Uno' } },
    ],
  });
});

test('a refused attempt is recorded as a failure', async () => {
  const setup = await setUp();
  const admin = await keyFor(setup, { roles: ['admin'], tenants: ['t1'] });
  setup.audited.length = 0;
  await setup.call(admin, 'POST', '/rules', { id: 'r', path: 'x' });
  expect(setup.audited.map(({ event }) => event)).toMatchObject([
    { action: 'create', outcome: 'failure', reason: { reasonCode: '403', policyId: 'FORBIDDEN_BEYOND_OWN' } },
  ]);
});

test('what cannot be recorded is not done', async () => {
  const setup = await setUp();
  setup.failAudit();
  const answer = await setup.call(root, 'POST', '/tenants', { id: 't1', name: 'One' });
  expect(answer.body).toMatchObject({ code: 'STREAM_UNAVAILABLE', status: 503 });
  expect(setup.state.get('tenant', 't1')).toBeUndefined();
});
