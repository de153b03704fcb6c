import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { Writable } from 'node:stream';

import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

import { StreamError } from '@cadf-pipeline/event-stream';

import { createToken } from './api-key.ts';
import { createHealth } from './health.ts';
import type { CheckResult } from './health.ts';
import { createHttpServer } from './http-server.ts';
import type { HttpServerOptions } from './http-server.ts';
import { createLogger } from './logger.ts';
import { createPipelineMetrics } from './pipeline-metrics.ts';
import type { Principal } from './principal.ts';
import { defineErrors, ProblemError } from './problem.ts';

const token = createToken('abc');
const principal: Principal = {
  kind: 'key',
  id: 'abc',
  name: 'test',
  roles: new Set(['submit']),
  tenants: ['t1'],
};
const errors = defineErrors({
  TEA_POT: { status: 418, title: 'It is a tea pot', retryable: false, hint: 'Ask it for tea.' },
});

const lines: string[] = [];

async function build(
  routes: (app: FastifyInstance) => void,
  options: Partial<HttpServerOptions> & { readonly check?: () => CheckResult } = {},
): Promise<FastifyInstance> {
  lines.length = 0;
  const app = await createHttpServer({
    title: 'Test',
    version: '1.0.0',
    logger: createLogger({
      name: 'test',
      level: 'trace',
      destination: new Writable({
        write(chunk, _encoding, done) {
          lines.push(String(chunk));
          done();
        },
      }),
    }),
    verify: (given) =>
      given === token
        ? { principal }
        : given === 'admin-token-of-the-test'
          ? { principal: { ...principal, roles: new Set(['admin']), tenants: '*' } }
          : { reason: 'unknown' },
    health: createHealth({
      checks: { thing: options.check ?? (() => ({ ok: true, reason: '' })) },
      cacheMs: 0,
    }),
    metrics: createPipelineMetrics({ process: false }),
    errors: [errors],
    ...options,
  });
  routes(app);
  onTestFinished(() => app.close());
  return app;
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const asKey = { authorization: `Bearer ${token}` };

test('a thrown problem is answered as problem details with its code, hint and request id', async () => {
  const app = await build((server) => {
    server.get('/tea', { config: { public: true } }, () => {
      throw new ProblemError(errors.TEA_POT, {
        detail: 'short and stout',
        members: { spout: true, status: 1 },
        retryAfterSeconds: 1.2,
        cause: new Error('inner'),
      });
    });
  });
  const answer = await app.inject({ url: '/tea', headers: { 'x-request-id': 'my-id' } });
  expect(answer.statusCode).toBe(418);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['retry-after']).toBe('2');
  expect(answer.json()).toEqual({
    spout: true,
    type: '/docs/errors#TEA_POT',
    title: 'It is a tea pot',
    status: 418,
    code: 'TEA_POT',
    detail: 'short and stout',
    retryable: false,
    hint: 'Ask it for tea.',
    requestId: 'my-id',
  });
});

test('an unknown error is answered as INTERNAL, its cause logged and never sent', async () => {
  const app = await build((server) => {
    server.get('/boom', { config: { public: true } }, () => {
      throw new Error('password of the database is hunter2');
    });
  });
  const answer = await app.inject('/boom');
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ code: 'INTERNAL', status: 500 });
  expect(answer.body).not.toContain('hunter2');
  expect(lines.join('')).toContain('hunter2');
});

test('an error of the stream is answered by its code, with Retry-After', async () => {
  const app = await build((server) => {
    server.get('/full', { config: { public: true } }, () => {
      throw new StreamError('STREAM_OVERLOADED', '64 MiB are waiting');
    });
    server.get('/gone', { config: { public: true } }, () => {
      throw new StreamError('STREAM_UNAVAILABLE', 'broker 10.1.2.3 refused');
    });
  });
  const full = await app.inject('/full');
  expect(full.statusCode).toBe(503);
  expect(full.headers['retry-after']).toBe('1');
  expect(full.json()).toMatchObject({ code: 'STREAM_OVERLOADED', detail: '64 MiB are waiting' });
  const gone = await app.inject('/gone');
  expect(gone.json()).toMatchObject({ code: 'STREAM_UNAVAILABLE', retryable: true });
  expect(gone.body).not.toContain('10.1.2.3');
});

test('a body is validated and never edited: no coercion, no default, no member removed', async () => {
  const app = await build((server) => {
    server.post(
      '/things',
      {
        config: { role: 'submit' },
        schema: {
          body: {
            type: 'object',
            properties: { count: { type: 'integer' }, name: { type: 'string', default: 'x' } },
            additionalProperties: false,
          },
        },
      },
      (request) => request.body,
    );
  });
  const post = (payload: object) => app.inject({ method: 'POST', url: '/things', headers: asKey, payload });
  expect((await post({ count: 1 })).json()).toEqual({ count: 1 });
  const text = await post({ count: '1' });
  expect(text.statusCode).toBe(400);
  expect(text.json()).toMatchObject({
    code: 'REQUEST_INVALID',
    faults: [{ path: 'body/count', message: 'must be integer' }],
  });
  const extra = await post({ more: 1 });
  expect(extra.json().faults[0].message).toContain('"more"');
});

test('query parameters are read by their declared types, strictly', async () => {
  const app = await build((server) => {
    server.get(
      '/q',
      {
        config: { public: true },
        schema: {
          querystring: {
            type: 'object',
            additionalProperties: false,
            properties: {
              limit: { type: 'integer', minimum: 1, maximum: 10, default: 5 },
              all: { type: 'boolean' },
              ratio: { type: 'number' },
              name: { type: 'string' },
              ids: { type: 'array', items: { type: 'integer' } },
            },
          },
        },
      },
      (request) => request.query,
    );
  });
  expect((await app.inject('/q?all=true&ratio=0.5&name=007&ids=3')).json()).toEqual({
    limit: 5,
    all: true,
    ratio: 0.5,
    name: '007',
    ids: [3],
  });
  expect((await app.inject('/q?ids=1&ids=2&limit=1')).json()).toEqual({ ids: [1, 2], limit: 1 });
  for (const bad of [
    'limit=1e0',
    'limit=0x1',
    'limit=%201',
    'limit=',
    'limit=11',
    'all=1',
    'limit=1&limit=2',
    'x=1',
  ]) {
    const answer = await app.inject(`/q?${bad}`);
    expect([bad, answer.statusCode]).toEqual([bad, 400]);
    expect(answer.json()).toMatchObject({ code: 'REQUEST_INVALID' });
  }
});

test('what no route takes is answered 404, and the wrong method 405 with Allow', async () => {
  const app = await build((server) => {
    server.get('/things/:id', { config: { public: true } }, () => 'x');
    server.delete('/things/:id', { config: { role: 'admin' } }, () => 'x');
    server.get('/files/*', { config: { public: true } }, () => 'x');
  });
  const missing = await app.inject('/nothing?token=1');
  expect(missing.statusCode).toBe(404);
  expect(missing.json()).toMatchObject({ code: 'NOT_FOUND', detail: 'No route GET /nothing' });
  const wrong = await app.inject({ method: 'POST', url: '/things/1?x' });
  expect(wrong.statusCode).toBe(405);
  expect(wrong.headers.allow).toBe('DELETE, GET, HEAD');
  // A method of which Fastify wants a body before it looks for the path.
  const asked = await app.inject({ method: 'QUERY', url: '/files/a/b' });
  expect([asked.statusCode, asked.headers.allow]).toEqual([405, 'GET, HEAD']);
  expect((await app.inject({ method: 'QUERY', url: '/nothing' })).statusCode).toBe(404);
  expect((await app.inject({ method: 'POST', url: '/files/a/b' })).statusCode).toBe(405);
  expect((await app.inject({ method: 'POST', url: '/things' })).statusCode).toBe(404);
});

test('bodies that are too large, of another type, not JSON or not a path have a code of their own', async () => {
  const app = await build(
    (server) => {
      server.post('/things', { config: { public: true } }, () => 'x');
      server.get('/things/:id', { config: { public: true } }, () => 'x');
    },
    { bodyLimit: 10 },
  );
  const post = (payload: string | Buffer, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/things', headers: { 'content-type': type }, payload });
  expect((await post('"0123456789"')).json()).toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
  expect((await post('x', 'text/plain')).json()).toMatchObject({
    code: 'MEDIA_TYPE_UNSUPPORTED',
    status: 415,
  });
  expect((await post('{"a":')).json()).toMatchObject({ code: 'BODY_NOT_JSON', status: 400 });
  expect((await post('')).json()).toMatchObject({ code: 'BODY_NOT_JSON', status: 400 });
  // In Latin-1 it would be read as other letters than its sender's.
  expect((await post(Buffer.from('"ö"', 'latin1'))).json()).toMatchObject({
    code: 'BODY_NOT_JSON',
    detail: 'The body is not UTF-8.',
  });
  expect((await post('"ö"')).statusCode).toBe(200);
  expect((await app.inject('/things/%zz')).json()).toMatchObject({ code: 'URL_INVALID', status: 400 });
  expect((await app.inject(`/things/${'x'.repeat(2000)}`)).json()).toMatchObject({ code: 'URL_INVALID' });
});

test('a route that declares neither a role nor public stops the start', async () => {
  const app = await build(() => undefined);
  expect(() => app.get('/open', () => 'x')).toThrow('must declare either config.role or config.public');
  expect(() => app.get('/both', { config: { role: 'query', public: true } }, () => 'x')).toThrow(
    'must declare either',
  );
  expect(() => app.get('/none', { config: { role: [] } }, () => 'x')).toThrow('must declare either');
});

test('a route with a role answers 401 with a challenge, 403 naming the role, and hands on the principal', async () => {
  const app = await build((server) => {
    server.get('/mine', { config: { role: 'submit' } }, (request) => request.principal?.id);
    server.get('/theirs', { config: { role: ['query', 'export'] } }, () => 'x');
  });
  const none = await app.inject('/mine');
  expect(none.statusCode).toBe(401);
  expect(none.headers['www-authenticate']).toBe('Bearer realm="cadf-pipeline"');
  const wrong = await app.inject({ url: '/mine', headers: { authorization: 'Bearer nonsense' } });
  expect(wrong.statusCode).toBe(401);
  expect(wrong.headers['www-authenticate']).toContain('error="invalid_token"');
  expect((await app.inject({ url: '/mine', headers: { authorization: `Basic ${token}` } })).statusCode).toBe(
    401,
  );
  expect((await app.inject({ url: '/mine', headers: asKey })).body).toBe('abc');
  expect((await app.inject({ url: '/mine', headers: { 'x-auth-token': token } })).body).toBe('abc');
  const role = await app.inject({ url: '/theirs', headers: asKey });
  expect(role.statusCode).toBe(403);
  expect(role.json()).toMatchObject({ code: 'FORBIDDEN_ROLE', missingRole: ['query', 'export'] });
  expect(role.headers['www-authenticate']).toContain('scope="query export"');
});

test('an address that fails too often is throttled, while a token that was good before passes', async () => {
  const app = await build(
    (server) => {
      server.get('/mine', { config: { role: 'submit' } }, () => 'x');
    },
    { attempts: { burst: 3, refillMs: 60_000, maxAddresses: 10 } },
  );
  const ask = (bearer: string, remoteAddress: string) =>
    app.inject({ url: '/mine', remoteAddress, headers: { authorization: `Bearer ${bearer}` } });
  expect((await ask(token, '192.0.2.1')).statusCode).toBe(200);
  const statuses = [];
  for (let index = 0; index < 5; index++)
    statuses.push((await ask(`guess-${index}`, '192.0.2.1')).statusCode);
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  const throttled = await ask('guess', '192.0.2.1');
  expect(throttled.json()).toMatchObject({ code: 'AUTHENTICATION_THROTTLED' });
  expect(Number(throttled.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask('admin-token-of-the-test', '192.0.2.1')).statusCode).toBe(429);
  expect((await ask(token, '192.0.2.1')).statusCode).toBe(200);
  expect((await ask('guess', '192.0.2.2')).statusCode).toBe(401);
});

test('health, readiness and documents need no key; metrics need an admin', async () => {
  let ok = true;
  const app = await build(() => undefined, { check: () => ({ ok, reason: ok ? '' : 'no disk' }) });
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await app.inject('/readyz')).json()).toEqual({
    status: 'ready',
    checks: { thing: { ok: true, reason: '' } },
  });
  ok = false;
  const unready = await app.inject('/readyz');
  expect(unready.statusCode).toBe(503);
  expect(unready.json()).toEqual({
    status: 'not-ready',
    checks: { thing: { ok: false, reason: 'no disk' } },
  });
  expect((await app.inject('/metrics')).statusCode).toBe(401);
  expect((await app.inject({ url: '/metrics', headers: asKey })).statusCode).toBe(403);
  const metrics = await app.inject({
    url: '/metrics',
    headers: { authorization: 'Bearer admin-token-of-the-test' },
  });
  expect(metrics.headers['content-type']).toContain('text/plain');
  expect(metrics.body).toContain(
    'cadf_http_request_seconds_count{method="GET",route="/readyz",status="503"} 1',
  );
  expect(metrics.body).toContain('cadf_credentials_refused_total{reason="missing"} 1');
});

test('the OpenAPI document and the pages are made from the routes, with who may call them', async () => {
  const app = await build((server) => {
    server.get(
      '/things/:id',
      {
        config: { role: 'query' },
        schema: {
          tags: ['things'],
          summary: 'One <thing>',
          params: { type: 'object', properties: { id: { type: 'string' } } },
          querystring: {
            type: 'object',
            properties: { full: { type: 'boolean', description: 'All of it' } },
          },
          response: {
            200: { description: 'The thing', type: 'object', properties: { id: { type: 'string' } } },
          },
        },
      },
      () => ({ id: 'x' }),
    );
  });
  await app.ready();
  const document = (await app.inject('/openapi.json')).json();
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).toSorted()).toEqual(['/healthz', '/metrics', '/readyz', '/things/{id}']);
  const operation = document.paths['/things/{id}'].get;
  expect(operation.description).toBe('Needs the role query.');
  expect(operation).toMatchObject({ operationId: 'getThingsById', tags: ['Things'] });
  expect(Object.keys(operation.responses)).toEqual(['200', '400', '401', '403', '429', 'default']);
  const { code } = document.components.examples.FORBIDDEN_ROLE.value;
  expect(operation.responses[403].content['application/problem+json'].examples).toEqual({
    [code]: { $ref: `#/components/examples/${code}` },
  });
  expect(document.components.schemas.Problem.required).toContain('code');
  expect(document.paths['/healthz'].get.security).toEqual([]);
  const page = await app.inject('/docs');
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-");
  expect(page.body).toContain('One &#60;thing&#62;');
  expect(page.body).not.toContain('<script');
  const codes = await app.inject('/docs/errors');
  expect(codes.body).toContain('id="TEA_POT"');
  expect(codes.body).toContain('id="STORE_LIMIT_ROWS"');
});

test('no key appears in the log, whatever went wrong with it', async () => {
  const app = await build((server) => {
    server.get('/mine', { config: { role: 'submit' } }, (request) => {
      request.log.info({ headers: request.headers, token }, `called with ${token}`);
      throw new Error(`failed for ${token}`);
    });
    server.post('/body', { config: { public: true } }, (request) => {
      request.log.info({ body: request.body });
      return 'x';
    });
  });
  const other = createToken('other');
  await app.inject({ url: `/mine?key=${other}`, headers: asKey });
  await app.inject({ url: '/mine', headers: { authorization: `Bearer ${other}` } });
  await app.inject({ url: '/mine', headers: { 'x-auth-token': 'some-openstack-token' } });
  await app.inject({ url: `/nowhere/${other}` });
  await app.inject({ method: 'POST', url: '/body', payload: { note: 'private words' } });
  const log = lines.join('');
  expect(log).toContain('failed for [redacted]');
  expect(log).not.toContain(token.slice(-43));
  expect(log).not.toContain(other.slice(-43));
  expect(log).not.toContain('some-openstack-token');
  expect(log).not.toContain('private words');
});

test('every answer carries the security headers and a request id of its own or the given plain one', async () => {
  const app = await build((server) => {
    server.get('/x', { config: { public: true } }, () => 'x');
  });
  const answer = await app.inject({ url: '/x', headers: { 'x-request-id': 'bad\u007fid' } });
  expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('what is wrong below HTTP is answered as a problem too, and closes the connection', async () => {
  const app = await build(() => undefined, { maxHeaderBytes: 4096 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const talk = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(portOf(app), '127.0.0.1', () => socket.write(text));
      socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
      socket.on('end', () => resolve(answer)).on('error', reject);
    });
  expect(await talk('nonsense\r\n\r\n')).toContain('"code":"HTTP_MALFORMED"');
  const large = await talk(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(5000)}\r\n\r\n`);
  expect(large).toContain('HTTP/1.1 431');
  expect(large).toContain('"code":"HEADERS_TOO_LARGE"');
});

test('a request under way when the server closes is answered, and its connection ends with it', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const app = await build((server) => {
    server.get('/slow', { config: { public: true } }, async () => {
      await held;
      return 'done';
    });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const closed = new Promise<void>((resolve) => app.server.once('close', resolve));
  const socket = connect(portOf(app), '127.0.0.1');
  let answer = '';
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
  socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => app.server.once('request', resolve));
  const closing = app.close();
  await expect.poll(() => app.server.listening).toBe(false);
  release();
  await closing;
  await closed;
  await ended;
  expect(answer).toMatch(/^HTTP\/1\.1 200[\s\S]*connection: close[\s\S]*done$/);
});

test('with certificate and key it serves HTTPS, and tells browsers to stay with it', async () => {
  const file = (name: string): string =>
    readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
  const app = await build(() => undefined, { tls: { cert: file('cert'), key: file('key') } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await new Promise<string>((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: portOf(app),
      path: '/healthz',
      ca: file('cert'),
      agent: false,
    } as const;
    const call = request(options, (response) => {
      resolve(`${response.statusCode} ${String(response.headers['strict-transport-security'])}`);
      response.resume();
    });
    call.on('error', reject).end();
  });
  expect(answer).toBe('200 max-age=31536000');
});
