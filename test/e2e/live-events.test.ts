/** Live events over real sockets: what comes, where it goes on, who may, and what a reader is told. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import type { TestEvent } from '../support/events.ts';
import { eventOf } from '../support/flow.ts';
import { readLive } from '../support/live-reader.ts';
import type { LiveOptions, LiveReader } from '../support/live-reader.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ env: { CADF_LIVE_HEARTBEAT: '1s', CADF_LIVE_CONNECTIONS_OF_ONE: '20' } });
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function submit(events: readonly TestEvent[], query = ''): Promise<void> {
  const answer = await service.fetch(`/cadf/v1/events${query}`, {
    method: 'POST',
    body: ndjson(events),
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(answer.status, await answer.text()).toBe(202);
}

async function follow(path: string, options?: LiveOptions): Promise<LiveReader> {
  const reader = await readLive(service, path, options);
  onTestFinished(() => reader.drop());
  return reader;
}

interface Key {
  readonly id: string;
  readonly token: string;
}
async function makeKey(roles: readonly string[], tenants: '*' | readonly string[], more = {}): Promise<Key> {
  const answer = await service.fetch('/cadf/v1/admin/keys', {
    method: 'POST',
    body: JSON.stringify({ name: 'reader', roles, tenants, ...more }),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Key;
}

const idsOf = (events: readonly TestEvent[]): string[] => events.map(({ id }) => id);
const filterOf = (text: string): string => `filter=${encodeURIComponent(text)}`;
/** Events that one test tells from those of the others. */
const eventsOf = (action: string, count: number, changes = {}): TestEvent[] =>
  Array.from({ length: count }, () => testEvent({ action, ...changes }));

test('events are given as they are accepted, byte for byte, and only those that pass', async () => {
  const reader = await follow(`?${filterOf("action = 'update/live'")}`);
  expect(reader.status).toBe(200);
  expect(reader.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  await reader.until(() => reader.lastId !== '', 'no cursor at the beginning');
  const events = eventsOf('update/live', 50);
  const others = eventsOf('update/other', 50);
  await submit(events.flatMap((event, index) => [event, others[index]!]));
  await reader.until(() => reader.messages.length >= 50);
  expect(reader.messages.map(({ data }) => data)).toEqual(events.map((event) => JSON.stringify(event)));
  expect(new Set(reader.messages.map(({ id }) => id)).size).toBe(50);
  expect(reader.messages.every(({ event }) => event === undefined)).toBe(true);
});

test('an interrupted reader goes on where it was, with nothing missed and nothing twice', async () => {
  const path = `?${filterOf("action = 'update/resumed'")}`;
  let reader = await follow(path);
  await reader.until(() => reader.lastId !== '');
  const events = eventsOf('update/resumed', 2000);
  const last = events.at(-1)!.id;
  const given: string[] = [];
  const sending = (async () => {
    for (let at = 0; at < events.length; at += 40) {
      // However fast they are read, no reader gets most of them.
      await until(() => Promise.resolve(at <= given.length + 260), 60_000);
      await submit(events.slice(at, at + 40));
    }
  })();
  let connections = 1;
  while (!given.includes(last)) {
    const one = reader;
    await one.until(() => one.messages.length >= 150 || one.ids().at(-1) === last, `reader ${connections}`);
    one.drop();
    // It knows nothing of the later ones: they were on their way when the connection broke.
    const known = one.messages.slice(
      0,
      one.ids().indexOf(last) < 150 && one.ids().includes(last) ? undefined : 137,
    );
    given.push(...one.ids().slice(0, known.length));
    reader = await follow(path, { headers: { 'last-event-id': known.at(-1)!.id! } });
    connections++;
  }
  await sending;
  expect(given).toEqual(idsOf(events));
  expect(connections).toBeGreaterThan(5);
});

test('a cursor in the URL goes on after it too, and the header wins over it and over a time', async () => {
  const filter = filterOf("action = 'update/cursor'");
  const reader = await follow(`?${filter}`);
  await reader.until(() => reader.lastId !== '');
  const events = eventsOf('update/cursor', 10);
  await submit(events);
  await reader.until(() => reader.messages.length === 10);
  const cursors = reader.messages.map(({ id }) => id!);
  const byCursor = await follow(`?${filter}&cursor=${cursors[6]}`);
  await byCursor.until(() => byCursor.messages.length === 3);
  expect(byCursor.ids()).toEqual(idsOf(events).slice(7));
  const byHeader = await follow(`?${filter}&cursor=${cursors[6]}`, {
    headers: { 'last-event-id': cursors[8]! },
  });
  const overTime = await follow(`?${filter}&from=2020-01-01T00:00:00Z`, {
    headers: { 'last-event-id': cursors[8]! },
  });
  for (const one of [byHeader, overTime]) {
    await one.until(() => one.messages.length === 1);
    expect(one.ids()).toEqual(idsOf(events).slice(9));
  }
});

test('from a time on, what is stored is given and then what comes, without a gap or a repetition', async () => {
  const old = eventsOf('update/since', 300, { eventTime: '2026-10-01T00:00:00Z' });
  const older = eventsOf('update/since', 50, { eventTime: '2026-09-01T00:00:00Z' });
  const coming = eventsOf('update/since', 1000, { eventTime: '2026-10-02T00:00:00Z' });
  const late = eventsOf('update/since', 20, { eventTime: '2026-08-01T00:00:00Z' });
  const filter = filterOf("action = 'update/since'");
  await submit([...older, ...old]);
  await until(async () => {
    const counted = (await (await service.fetch(`/cadf/v1/count?${filter}`)).json()) as { count: number };
    return counted.count === 350;
  });
  const sending = (async () => {
    for (let at = 0; at < 1000; at += 50) await submit(coming.slice(at, at + 50));
    // It is given whatever its time: nobody could know that it was still to come.
    await submit(late);
  })();
  const reader = await follow(`?${filter}&from=2026-10-01T00:00:00Z`);
  await reader.until(() => reader.messages.length >= 1320);
  await sending;
  expect(reader.ids()).toEqual(idsOf([...old, ...coming, ...late]));
});

test('a reader sees its tenants, whatever it asks for', async () => {
  const a = await makeKey(['query'], ['tenant-a']);
  const nobody = await makeKey(['query'], []);
  const path = `?${filterOf("action = 'update/tenants'")}`;
  const root = await follow(path);
  const ofA = await follow(path, { key: a.token });
  const ofNobody = await follow(path, { key: nobody.token });
  const narrowed = await follow(`${path}&tenant=tenant-b`);
  const readers = [root, ofA, ofNobody, narrowed];
  for (const reader of readers) await reader.until(() => reader.lastId !== '');
  const inA = eventOf('tenant-a', { action: 'update/tenants' });
  const inB = eventOf('tenant-b', { action: 'update/tenants' });
  const inNone = testEvent({ action: 'update/tenants', initiator: { id: 'i', typeURI: 'service' } });
  await submit([inA, inB, inNone], '?profile=lenient');
  await root.until(() => root.messages.length === 3);
  await ofA.until(() => ofA.messages.length === 1);
  await narrowed.until(() => narrowed.messages.length === 1);
  expect(ofA.ids()).toEqual([inA.id]);
  expect(narrowed.ids()).toEqual([inB.id]);
  expect(ofNobody.messages).toEqual([]);
  const refused = await follow('?tenant=tenant-b', { key: a.token });
  await refused.until(() => refused.closed);
  expect([refused.status, refused.text()]).toEqual([403, expect.stringContaining('FORBIDDEN_TENANT')]);
});

test('a cursor is good for what it was given for, whoever goes on from it, and never widens what is seen', async () => {
  const a = await makeKey(['query'], ['tenant-a']);
  const filter = filterOf("action = 'update/handed'");
  const root = await follow(`?${filter}`);
  await root.until(() => root.lastId !== '');
  const begin = root.lastId;
  const events = ['tenant-a', 'tenant-b', 'tenant-a'].map((tenant) =>
    eventOf(tenant, { action: 'update/handed' }),
  );
  await submit(events);
  await root.until(() => root.messages.length === 3);
  const other = await follow(`?${filter}&cursor=${begin}`, { key: a.token });
  await other.until(() => other.messages.length === 2);
  expect(other.ids()).toEqual([events[0]!.id, events[2]!.id]);
});

test('a revoked key ends its readers with a last message and the cursor to go on from', async () => {
  const key = await makeKey(['query'], '*');
  const reader = await follow(`?${filterOf("action = 'update/revoked'")}`, { key: key.token });
  await reader.until(() => reader.lastId !== '');
  const [before, after] = eventsOf('update/revoked', 2);
  await submit([before!]);
  await reader.until(() => reader.messages.length === 1);
  await service.fetch(`/cadf/v1/admin/keys/${key.id}/revoke`, { method: 'POST' });
  await reader.until(() => reader.closed);
  await submit([after!]);
  expect(reader.end).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
  expect(reader.ids()).toEqual([before!.id]);
  const again = await follow(`?${filterOf("action = 'update/revoked'")}&cursor=${reader.lastId}`);
  await again.until(() => again.messages.length === 1);
  expect(again.ids()).toEqual([after!.id]);
});

test('a role that is taken away and an expiry end readers too; narrowed tenants hold at once', async () => {
  const put = async ({ id }: Key, roles: readonly string[], tenants: readonly string[]): Promise<void> => {
    const body = JSON.stringify({ name: 'reader', roles, tenants });
    const headers = { 'content-type': 'application/json' };
    const answer = await service.fetch(`/cadf/v1/admin/keys/${id}`, { method: 'PUT', body, headers });
    expect(answer.status, await answer.text()).toBe(200);
  };
  const demoted = await makeKey(['query'], ['tenant-a']);
  const narrowed = await makeKey(['query'], ['tenant-a', 'tenant-b']);
  const expiring = await makeKey(['query'], ['tenant-a'], {
    expires: new Date(Date.now() + 6000).toISOString(),
  });
  const path = `?${filterOf("action = 'update/narrowed'")}`;
  const [ofDemoted, ofNarrowed, ofExpiring, ofTenant] = await Promise.all([
    follow(path, { key: demoted.token }),
    follow(path, { key: narrowed.token }),
    follow(path, { key: expiring.token }),
    follow(`${path}&tenant=tenant-b`, { key: narrowed.token }),
  ]);
  await ofNarrowed.until(() => ofNarrowed.lastId !== '');
  await put(demoted, ['export'], ['tenant-a']);
  await put(narrowed, ['query'], ['tenant-a']);
  await ofDemoted.until(() => ofDemoted.closed);
  await ofTenant.until(() => ofTenant.closed);
  await ofExpiring.until(() => ofExpiring.closed);
  expect(ofDemoted.end?.code).toBe('FORBIDDEN_ROLE');
  expect(ofTenant.end?.code).toBe('FORBIDDEN_TENANT');
  expect(ofExpiring.end?.code).toBe('UNAUTHENTICATED');
  const made = (tenant: string): TestEvent => eventOf(tenant, { action: 'update/narrowed' });
  const events = ['tenant-b', 'tenant-a', 'tenant-b', 'tenant-a'].map(made);
  await submit(events);
  await ofNarrowed.until(() => ofNarrowed.messages.length === 2);
  expect(ofNarrowed.ids()).toEqual([events[1]!.id, events[3]!.id]);
  await put(narrowed, ['query'], ['tenant-a', 'tenant-b']);
  await until(async () => {
    await submit([made('tenant-b')]);
    return ofNarrowed.messages.length > 2;
  });
});

test('heartbeats come when nothing passes, and the id moves with what did not pass', async () => {
  const path = `?${filterOf("action = 'update/never'")}`;
  const reader = await follow(path);
  await reader.until(() => reader.lastId !== '');
  const begin = reader.lastId;
  await submit(eventsOf('update/something', 5));
  await reader.until(() => reader.comments >= 3, 'no heartbeat');
  await reader.until(() => reader.lastId !== begin, 'the id stays');
  expect(reader.messages).toEqual([]);
  const [event] = eventsOf('update/never', 1);
  await submit([event!]);
  const again = await follow(path, { headers: { 'last-event-id': reader.lastId } });
  await again.until(() => again.messages.length === 1);
  expect(again.ids()).toEqual([event!.id]);
});

test.each(['gzip', 'zstd'])('%s is spoken where it is asked for, event by event', async (encoding) => {
  const action = `update/${encoding}`;
  const reader = await follow(`?${filterOf(`action = '${action}'`)}`, {
    headers: { 'accept-encoding': `${encoding}, identity;q=0.1` },
  });
  expect(reader.headers['content-encoding']).toBe(encoding);
  await reader.until(() => reader.lastId !== '');
  for (const event of eventsOf(action, 3)) {
    const before = reader.messages.length;
    await submit([event]);
    await reader.until(() => reader.messages.length === before + 1);
  }
  const events = eventsOf(action, 500);
  await submit(events);
  await reader.until(() => reader.messages.length === 503);
  expect(reader.ids().slice(3)).toEqual(idsOf(events));
  expect(reader.bytes).toBeLessThan(JSON.stringify(events).length);
});

test('what cannot be answered is refused before anything is sent', async () => {
  const cursor = (await follow('')).lastId;
  const given = await follow(`?${filterOf("action = 'update'")}`);
  await given.until(() => given.lastId !== '');
  for (const [path, headers, status, code] of [
    [`?${filterOf("action ='")}`, {}, 400, 'QUERY_FILTER_INVALID'],
    ['?from=yesterday', {}, 400, 'QUERY_TIME_INVALID'],
    ['?cursor=abc', {}, 400, 'QUERY_CURSOR_INVALID'],
    ['', { 'last-event-id': 'abc' }, 400, 'QUERY_CURSOR_INVALID'],
    [`?cursor=${given.lastId}`, {}, 400, 'QUERY_CURSOR_INVALID'],
    [
      `?${filterOf("action = 'update'")}&cursor=${given.lastId}&from=2026-01-01T00:00:00Z`,
      {},
      400,
      'QUERY_CURSOR_INVALID',
    ],
    ['?to=2026-01-01T00:00:00Z', {}, 400, 'REQUEST_INVALID'],
    ['?saved=none', {}, 404, 'QUERY_SAVED_NOT_FOUND'],
    ['', { accept: 'application/json' }, 406, 'QUERY_STREAM_NOT_ACCEPTABLE'],
  ] as const) {
    const refused = await follow(path, { headers });
    await refused.until(() => refused.closed);
    expect([path, refused.status]).toEqual([path, status]);
    expect(refused.text()).toContain(`"code":"${code}"`);
    expect(refused.headers['content-type']).toBe('application/problem+json');
  }
  expect(cursor).toBe('');
});

test('HEAD tells the head, and holds nothing open', async () => {
  const reader = await follow('', { method: 'HEAD' });
  await reader.until(() => reader.closed);
  expect(reader.status).toBe(200);
  expect(reader.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(reader.bytes).toBe(0);
});

test('a saved query is followed by its id, with values for its parameters', async () => {
  const body = {
    name: 'of one action',
    sharing: 'private',
    filter: 'action = :action',
    parameters: [{ name: 'action', type: 'text' }],
    from: '2026-01-01T00:00:00Z',
  };
  const headers = { 'content-type': 'application/json' };
  const saved = await service.fetch('/cadf/v1/saved-queries', {
    method: 'POST',
    body: JSON.stringify(body),
    headers,
  });
  expect(saved.status, await saved.clone().text()).toBe(201);
  const { id } = (await saved.json()) as { id: string };
  const reader = await follow(`?saved=${id}&param.action=update/saved`);
  await reader.until(() => reader.lastId !== '');
  const events = eventsOf('update/saved', 2);
  await submit([...eventsOf('update/unsaved', 1), ...events]);
  await reader.until(() => reader.messages.length === 2);
  expect(reader.ids()).toEqual(idsOf(events));
});

test('one key has as many readers as are allowed, and another has room then', async () => {
  const key = await makeKey(['query'], ['tenant-a']);
  const readers = await Promise.all(Array.from({ length: 20 }, () => follow('', { key: key.token })));
  expect(readers.map(({ status }) => status)).toEqual(readers.map(() => 200));
  const refused = await follow('', { key: key.token });
  await refused.until(() => refused.closed);
  expect(refused.status).toBe(503);
  expect(refused.headers['retry-after']).toBe('5');
  expect(refused.text()).toContain('QUERY_TOO_MANY_LIVE');
  expect((await follow('')).status).toBe(200);
  readers[0]!.drop();
  await until(async () => (await follow('', { key: key.token })).status === 200);
});
