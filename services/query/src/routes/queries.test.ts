import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testEvent } from '../../../../test/support/events.ts';
import { until } from '../../../../test/support/service.ts';
import type { AsyncStatus } from '../async-query/status.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import type { QueryApp, TestCallers } from '../query-app.test-support.ts';
import { SLOW_FILTER, slowEvent } from '../../../../test/support/slow-query.ts';

const COUNT = 2500;
const callers: Record<string, TestCallers[string]> = { root: {}, other: {}, a: { tenants: ['a'] } };
let query: QueryApp;
beforeEach(async () => {
  callers['a'] = { tenants: ['a'] };
  query = await startQueryApp(callers, { settings: { CADF_QUERY_ASYNC_MAX_BYTES: 100_000 } });
  await query.insert(
    Array.from({ length: COUNT }, (_, index) =>
      JSON.stringify({
        ...testEvent({ eventTime: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString() }),
        id: `e-${index}`,
      }),
    ),
  );
  await query.insert(
    Array.from({ length: 100 }, () => JSON.stringify(testEvent({ eventTime: '2025-01-01T00:00:00Z' }))),
    ['b'],
  );
});
afterEach(() => query.close());

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}
async function ask(
  route: string,
  {
    body,
    headers = {},
    token = 'root',
  }: { body?: object; headers?: Record<string, string>; token?: string } = {},
): Promise<Answer> {
  const [method = 'GET', url = ''] = route.split(' ');
  const answer = await query.app.inject({
    method: method as 'GET',
    url,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.statusCode, body: answer.body, headers: answer.headers };
}

async function create(body: object, token = 'root'): Promise<string> {
  const answer = await ask('POST /cadf/v1/queries', { body, token });
  expect(answer.status, answer.body).toBe(202);
  const path = String(answer.headers['location']);
  expect(path).toBe(`/cadf/v1/queries/${(JSON.parse(answer.body) as AsyncStatus).id}`);
  return path;
}
async function status(path: string, token = 'root'): Promise<AsyncStatus> {
  const answer = await ask(`GET ${path}`, { token });
  expect(answer.status, answer.body).toBe(200);
  return JSON.parse(answer.body) as AsyncStatus;
}
async function ended(path: string, token = 'root'): Promise<AsyncStatus> {
  await until(async () => ['done', 'failed', 'cancelled'].includes((await status(path, token)).status));
  return status(path, token);
}
const ids = (body: string): string[] =>
  (JSON.parse(body) as { events: { id: string }[] }).events.map((event) => event.id);

test('a query that goes on by itself gives what the synchronous one gives, paged and whole, in each form', async () => {
  const parameters = { order: 'asc', from: '2026-01-01T00:00:00Z', filter: "id != 'e-7'" };
  const path = await create({ ...parameters, fields: ['id', 'eventTime'] });
  expect(await ended(path)).toMatchObject({
    status: 'done',
    events: COUNT - 1,
    progress: { rowsRead: COUNT, rowsTotal: COUNT },
    result: `${path}/result`,
  });
  const expected = ids((await ask('POST /cadf/v1/query', { body: { ...parameters, limit: 10_000 } })).body);
  const seen: string[] = [];
  let next: string | undefined = `${path}/result?limit=700`;
  while (next !== undefined) {
    const page: Answer = await ask(`GET ${next}`);
    seen.push(...ids(page.body));
    ({ next } = JSON.parse(page.body) as { next?: string });
  }
  expect(seen).toEqual(expected);
  for (const accept of ['application/x-ndjson', 'text/csv', 'application/xml']) {
    const result = await ask(`GET ${path}/result?limit=all`, { headers: { accept } });
    const direct = await ask('POST /cadf/v1/query', {
      body: { ...parameters, fields: ['id', 'eventTime'], limit: 'all' },
      headers: { accept },
    });
    const body = (answer: Answer): string => answer.body.replace(/<cadf:report [^>]*>/, '');
    expect(body(result)).toBe(body(direct));
    expect(result.body).toContain('e-2499');
  }
  expect(await ask(`GET ${path}/result?limit=all`)).toMatchObject({ status: 400 });
});

describe('Prefer', () => {
  test('wait: what is ready in time is the answer, with its next page, and nothing is kept', async () => {
    const answer = await ask('GET /cadf/v1/events?limit=3&order=asc', { headers: { prefer: 'wait=30' } });
    expect(answer).toMatchObject({ status: 200, headers: { 'preference-applied': 'wait=30' } });
    const { next } = JSON.parse(answer.body) as { next: string };
    expect(ids((await ask(`GET ${next}`)).body)).toHaveLength(3);
    await until(async () => (await ask('GET /cadf/v1/queries')).body === '{"queries":[]}');
    expect(readdirSync(join(query.path, 'queries'))).toEqual([]);
  });

  test('wait: what is not is 202, tells how far it is, and can be cancelled', async () => {
    await query.insert(Array.from({ length: 500 }, () => slowEvent()));
    const answer = await ask('POST /cadf/v1/query', {
      body: { filter: SLOW_FILTER },
      headers: { prefer: 'wait=1' },
    });
    expect(answer.status).toBe(202);
    const path = String(answer.headers['location']);
    expect(await status(path)).toMatchObject({ status: 'running', events: 0 });
    await until(async () => (await status(path)).progress.rowsTotal === COUNT + 600);
    expect((await status(path)).progress.seconds).toBeGreaterThan(0);
    expect(await ask(`GET ${path}/result`)).toMatchObject({
      status: 409,
      body: expect.stringContaining('NOT_DONE'),
    });
    expect(await ask(`DELETE ${path}`)).toMatchObject({ status: 204 });
    expect(await status(path)).toMatchObject({ status: 'cancelled' });
    expect(await ask(`DELETE ${path}`)).toMatchObject({ status: 204 });
    expect(await ask(`GET ${path}`)).toMatchObject({ status: 404 });
  });

  test('respond-async: the answer is where it can be asked for', async () => {
    const answer = await ask('GET /cadf/v1/events?limit=5&fields=id', {
      headers: { prefer: 'respond-async' },
    });
    expect(answer).toMatchObject({ status: 202, headers: { 'preference-applied': 'respond-async' } });
    const path = String(answer.headers['location']);
    const { cursor } = await ended(path);
    expect(ids((await ask(`GET ${path}/result`)).body)).toHaveLength(5);
    const next = await ask(`GET /cadf/v1/events?limit=5&fields=id&cursor=${cursor}`);
    expect(ids(next.body)).toHaveLength(5);
  });
});

test('nobody but who asked sees it, nor who asked once the tenants of the key are others', async () => {
  const path = await create({ fields: ['id'] }, 'a');
  expect((await ended(path, 'a')).progress).toMatchObject({ rowsTotal: COUNT });
  for (const token of ['root', 'other']) {
    for (const route of [`GET ${path}`, `GET ${path}/result`, `DELETE ${path}`])
      expect(await ask(route, { token })).toMatchObject({ status: 404 });
    expect((await ask('GET /cadf/v1/queries', { token })).body).toBe('{"queries":[]}');
  }
  expect(ids((await ask(`GET ${path}/result`, { token: 'a' })).body)).toHaveLength(100);
  callers['a'] = { tenants: ['b'] };
  expect(await ask(`GET ${path}/result`, { token: 'a' })).toMatchObject({ status: 404 });
});

test('a result that is too large fails, and says so; so does one more query than a key may have', async () => {
  const bodies = Array.from({ length: 400 }, (_, index) =>
    JSON.stringify(testEvent({ name: `${Math.random()}`.repeat(20) + index, noise: randomText() })),
  );
  await query.insert(bodies);
  const path = await create({});
  expect(await ended(path)).toMatchObject({
    status: 'failed',
    failure: { code: 'QUERY_ASYNC_BYTES' },
    bytes: 0,
  });
  expect(await ask(`GET ${path}/result`)).toMatchObject({
    status: 422,
    body: expect.stringContaining('QUERY_ASYNC_BYTES'),
  });
  for (let index = 1; index < 20; index++) await create({ filter: "id = 'none'" });
  const refused = await ask('POST /cadf/v1/queries', { body: {} });
  expect(refused).toMatchObject({ status: 429, body: expect.stringContaining('QUERY_TOO_MANY_ASYNC') });
  expect(await ask('POST /cadf/v1/queries', { body: {}, token: 'other' })).toMatchObject({ status: 202 });
});

function randomText(): string {
  return Array.from({ length: 40 }, () => Math.random().toString(36)).join('');
}
