/**
 * What no row of the access matrix can say: that nobody writes into another's view, that cursors and ids tell nothing
 * of other tenants, that a change of a key holds at once, and that no odd form of a request gets past the key.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createAsk,
  EVENT_ID,
  makeCallers,
  MARK,
  submitMatrixEvents,
  TENANT,
  WINDOW,
} from '../support/access.ts';
import type { Ask, Caller, Callers } from '../support/access.ts';
import { testEvent } from '../support/events.ts';
import type { TestEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

let service: TestService;
let ask: Ask;
let callers: Callers;
let root: Caller;

beforeAll(async () => {
  service = await startService({ env: { CADF_TRUST_PROXY: '127.0.0.1' } });
  ask = createAsk(service);
  root = { name: 'root', authorization: `Bearer ${service.key}`, sees: Object.values(MARK) };
  for (const [id, tenants] of [
    ['source-a', [TENANT.a]],
    ['source-b', [TENANT.b]],
  ] as const)
    await ask(root, 'POST /cadf/v1/admin/sources', { body: { id, type: 'cadf', name: id, tenants } });
  callers = await makeCallers(service);
  await submitMatrixEvents(ask, root);
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

interface Page {
  readonly events: readonly { readonly id: string; readonly target: { readonly name: string } }[];
  readonly next?: string;
}

async function makeKey(
  roles: readonly string[],
  tenants: '*' | readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Caller & { readonly id: string }> {
  const body = { name: 'made', roles, tenants, ...more };
  const made = (await ask(root, 'POST /cadf/v1/admin/keys', { body })).json<{ id: string; token: string }>();
  return { name: made.id, id: made.id, authorization: `Bearer ${made.token}`, sees: Object.values(MARK) };
}

/** Submits as a caller and waits until the provider can read it. */
async function submit(caller: Caller, event: TestEvent, query = ''): Promise<void> {
  const answer = await ask(caller, `POST /cadf/v1/events${query}`, { body: event });
  expect([answer.verdict, answer.text]).toEqual(['202', expect.stringContaining('"accepted":1')]);
  await until(async () => {
    const read = await ask(callers.queryAll, `GET /cadf/v1/events/${event.id}?versions=all`);
    return read.text.includes(JSON.stringify(event));
  });
}

async function reads(caller: Caller, id: string, query = ''): Promise<string> {
  return (await ask(caller, `GET /cadf/v1/events/${id}${query}`)).verdict;
}

const ABSENT = '404 QUERY_EVENT_NOT_FOUND';

test('a key bound to a tenant routes to that one, whatever the event says', async () => {
  const { submitA, submitAll, boundA, queryA, queryB } = callers;
  const ofB = { id: 'i', typeURI: 'data/security/account/user', project_id: TENANT.b, domain_id: TENANT.b };
  for (const [caller, a, b] of [
    [submitA, '200', ABSENT],
    [boundA, '200', ABSENT],
    [submitAll, ABSENT, '200'],
  ] as const) {
    const event = testEvent({ initiator: ofB, target: ofB, tenants: [TENANT.b], 'cadf-tenants': TENANT.b });
    await submit(caller, event);
    expect([caller.name, await reads(queryA, event.id), await reads(queryB, event.id)]).toEqual([
      caller.name,
      a,
      b,
    ]);
  }
});

test('a key of no tenant routes to none, and its events are the provider’s', async () => {
  const event = testEvent({ initiator: { id: 'i', typeURI: 'data/security', project_id: TENANT.b } });
  await submit(await makeKey(['submit'], []), event);
  expect([await reads(callers.queryB, event.id), await reads(callers.queryNone, event.id)]).toEqual([
    ABSENT,
    ABSENT,
  ]);
});

test('the id of another’s event does not reach that event', async () => {
  const { submitA, submitAll, queryA, queryB, queryAll } = callers;
  const project = { id: 'i', typeURI: 'data/security/account/user', project_id: TENANT.b };
  const theirs = testEvent({ initiator: project });
  await submit(submitAll, theirs, '?source=nova');
  const forged = {
    ...theirs,
    outcome: 'failure',
    target: { id: 't', typeURI: 'compute/machine', name: 'forged' },
  };
  await submit(submitA, forged);
  const read = async (caller: Caller, query = ''): Promise<string> =>
    (await ask(caller, `GET /cadf/v1/events/${theirs.id}${query}`)).text;
  expect(await read(queryB)).toBe(JSON.stringify(theirs));
  expect(await read(queryA)).toBe(JSON.stringify(forged));
  expect(await read(queryAll, '?source=nova')).toBe(JSON.stringify(theirs));
  expect(await read(queryAll, `?source=key-${submitA.id}`)).toBe(JSON.stringify(forged));
});

test('two keys of one tenant do not write into each other’s events', async () => {
  const other = await makeKey(['submit'], [TENANT.a]);
  const first = testEvent();
  const second = { ...first, outcome: 'failure' };
  await submit(callers.submitA, first);
  await submit(other, second);
  const both = (await ask(callers.queryA, `GET /cadf/v1/events/${first.id}?versions=all`)).json<Page>();
  expect(both.events).toEqual([first, second]);
  expect(await reads(callers.queryA, first.id)).toBe('409 QUERY_EVENT_AMBIGUOUS');
});

test('one key does not get another’s answer under its Idempotency-Key', async () => {
  const event = testEvent();
  const question = { body: event, headers: { 'idempotency-key': 'shared-by-chance' } };
  expect((await ask(callers.submitA, 'POST /cadf/v1/events', question)).json()).toMatchObject({
    accepted: 1,
  });
  expect((await ask(callers.boundA, 'POST /cadf/v1/events', question)).json()).toMatchObject({ accepted: 1 });
});

test('another’s event is not told apart from none', async () => {
  const { queryA, queryNone } = callers;
  const facts = async (caller: Caller, id: string, query = ''): Promise<object> => {
    const answer = await ask(caller, `GET /cadf/v1/events/${encodeURIComponent(id)}${query}`);
    const { requestId: _, ...problem } = answer.json();
    return { status: answer.status, problem, headers: [...answer.headers.keys()] };
  };
  for (const query of ['', '?versions=all', '?source=matrix', `?source=source-${MARK.b}&versions=all`]) {
    const none = await facts(queryA, 'never heard of', query);
    expect(await facts(queryA, EVENT_ID.b, query)).toEqual(none);
    expect(await facts(queryA, EVENT_ID.none, query)).toEqual(none);
    expect(await facts(queryNone, EVENT_ID.a, query)).toEqual(none);
  }
});

test('a log or an event of another is not told apart from none under /cimi', async () => {
  const told = async (path: string): Promise<string> => {
    const { status, text } = await ask(callers.queryA, `GET /cimi/${path}`);
    const job = JSON.parse(text) as Record<string, unknown>;
    for (const name of ['created', 'timeOfStatusChange', 'targetResource']) job[name] = undefined;
    return `${status} ${JSON.stringify(job)}`;
  };
  const none = await told('eventLogs/tenant-nobody');
  expect(none).toMatch(/^404 /);
  const ofB = encodeURIComponent(EVENT_ID.b);
  for (const path of [
    `eventLogs/tenant-${TENANT.b}`,
    `eventLogs/tenant-${TENANT.b}/events`,
    'eventLogs/source-source-b',
    'eventLogs/source-source-b/events',
    'eventLogs/source-cadf-pipeline',
    'eventLogs/source-matrix',
    `events/matrix:${ofB}`,
    'events/matrix:none',
    'nothing',
  ])
    expect(await told(path), path).toBe(none);
});

test('a dead letter of another is not told apart from none, nor does it mark a page', async () => {
  interface Letters {
    readonly deadLetters: readonly { readonly id: string }[];
  }
  const lettersOf = async (caller: Caller, query = ''): Promise<Letters> =>
    (await ask(caller, `GET /cadf/v1/dead-letters${query}`)).json<Letters>();
  const fail = async (agent: string, tenant: string, emitter: Caller, reader: Caller): Promise<string> => {
    await ask(root, `PUT /cadf/v1/admin/sources/${agent}`, {
      body: { type: 'libvirt-audit', name: agent, tenants: [tenant] },
    });
    const question = { body: 'typ=UNKNOWN', type: 'text/plain' };
    await ask(emitter, `POST /cadf/v1/sources/${agent}/records`, question);
    await until(async () => (await lettersOf(reader)).deadLetters.length > 0);
    return (await lettersOf(reader)).deadLetters[0]?.id ?? '';
  };
  // The newest is listed first: what is asked for behind theirs would be our own.
  await fail('agent-a', TENANT.a, callers.submitA, callers.queryA);
  const theirs = await fail('agent-b', TENANT.b, await makeKey(['submit'], [TENANT.b]), callers.queryB);
  const none = await lettersOf(callers.queryA, '?after=0-999999');
  expect(await lettersOf(callers.queryA, `?after=${theirs}`)).toEqual(none);
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/replay'],
  ] as const) {
    const caller = method === 'GET' ? callers.queryA : callers.adminA;
    const of = async (id: string): Promise<object> => {
      const { requestId: _, ...problem } = (
        await ask(caller, `${method} /cadf/v1/dead-letters/${id}${path}`)
      ).json();
      return problem;
    };
    expect(await of(theirs)).toEqual(await of('0-999999'));
  }
});

test('pages lead through what the caller may see and nothing else, in both forms', async () => {
  for (const [caller, labels] of [
    [callers.queryA, ['a', 'ab', 'final', 'same-a', 'moved-a']],
    [callers.queryB, ['b', 'ab', 'same-b']],
  ] as const) {
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const seen: string[] = [];
      let path: string | undefined = `/cadf/v1/events?order=asc&limit=1&${WINDOW}`;
      while (path !== undefined) {
        const answer = await ask(caller, `GET ${path}`, { headers: { accept } });
        if (accept === 'application/json') {
          const page: Page = answer.json<Page>();
          seen.push(...page.events.map(({ target }) => target.name));
          path = page.next;
        } else {
          const lines = answer.text.split('\n').filter((line) => line !== '');
          seen.push(...lines.map((line) => (JSON.parse(line) as Page['events'][0]).target.name));
          path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
        }
      }
      expect(seen).toEqual(labels);
    }
  }
});

test('a cursor works only for who it was given to, and says nothing by itself', async () => {
  const { queryA, queryB, queryAB, queryAll } = callers;
  const path = `/cadf/v1/events?order=asc&limit=1&${WINDOW}`;
  const nextOf = async (caller: Caller, query = ''): Promise<string> =>
    (await ask(caller, `GET ${path}${query}`)).json<Page>().next ?? '';
  for (const giver of [queryA, queryB, queryAB, queryAll]) {
    const next = await nextOf(giver);
    for (const taker of [queryA, queryB, queryAB, queryAll]) {
      const { verdict } = await ask(taker, `GET ${next}`);
      expect([giver.name, taker.name, verdict]).toEqual([
        giver.name,
        taker.name,
        giver === taker ? '200' : '400 QUERY_CURSOR_INVALID',
      ]);
    }
    // How much the system holds is not for a tenant to know.
    const cursor = new URLSearchParams(next.split('?')[1]).get('cursor') ?? '';
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toMatch(/\d,\d/);
  }
  const narrowed = await nextOf(queryAB, `&tenant=${TENANT.a}`);
  expect((await ask(queryAB, `GET ${narrowed}`)).verdict).toBe('200');
  expect((await ask(queryAB, `GET ${narrowed.replace(TENANT.a, TENANT.b)}`)).verdict).toBe(
    '400 QUERY_CURSOR_INVALID',
  );
  expect((await ask(queryAB, `GET ${narrowed.replace(`&tenant=${TENANT.a}`, '').replace(`tenant=${TENANT.a}&`, '')}`)).verdict).toBe('400 QUERY_CURSOR_INVALID'); // prettier-ignore
});

test('changes of keys are told to the tenants of the key and to no other', async () => {
  const { adminA, queryA, queryB, queryAll } = callers;
  const before = new Date(Date.now() - 1000).toISOString();
  const made = await ask(adminA, 'POST /cadf/v1/admin/keys', {
    body: { name: 'made by a', roles: ['admin'], tenants: [TENANT.a] },
  });
  const { id } = made.json<{ id: string }>();
  for (const path of ['tenants', 'sources', 'rules'])
    await ask(adminA, `PUT /cadf/v1/admin/${path}/${TENANT.b}`, { body: { name: 'a message to b' } });
  await ask(adminA, 'POST /cadf/v1/admin/keys', {
    body: { name: 'a message to b', roles: ['admin'], tenants: [TENANT.b] },
  });
  await ask(adminA, `PUT /cadf/v1/admin/tenants/${TENANT.b}`, { body: { id: TENANT.b, name: 'a message' } });
  await ask(adminA, `DELETE /cadf/v1/admin/tenants/${TENANT.b}`);
  const since = async (caller: Caller): Promise<string> =>
    (await ask(caller, `GET /cadf/v1/events?limit=1000&from=${before}`)).text;
  // The last attempt is in the provider's view: so are the ones before.
  await until(async () => {
    const { events } = JSON.parse(await since(queryAll)) as {
      events: { action: string; outcome: string; target: { id: string } }[];
    };
    return events.some(
      ({ action, outcome, target }) => action === 'delete' && outcome === 'failure' && target.id === TENANT.b,
    );
  });
  expect(await since(queryA)).toContain(id);
  expect(JSON.parse(await since(queryB))).toEqual({ events: [] });
});

test('a change of a key holds from the next request on', async () => {
  const key = await makeKey(['query'], [TENANT.a]);
  const path = `GET /cadf/v1/count?tenant=${TENANT.a}`;
  const asks = async (): Promise<string> => (await ask(key, path)).verdict;
  const change = async (body: object): Promise<void> => {
    expect((await ask(root, `PUT /cadf/v1/admin/keys/${key.id}`, { body })).verdict).toBe('200');
  };
  expect(await asks()).toBe('200');
  await change({ name: 'k', roles: ['query'], tenants: [TENANT.b] });
  expect(await asks()).toBe('403 FORBIDDEN_TENANT');
  await change({ name: 'k', roles: ['submit'], tenants: [TENANT.a] });
  expect(await asks()).toBe('403 FORBIDDEN_ROLE');
  await change({ name: 'k', roles: ['query'], tenants: [TENANT.a], expires: '2020-01-01T00:00:00Z' });
  expect(await asks()).toBe('401 UNAUTHENTICATED');
  await change({ name: 'k', roles: ['query'], tenants: [TENANT.a] });
  expect(await asks()).toBe('200');
  expect((await ask(root, `POST /cadf/v1/admin/keys/${key.id}/revoke`)).verdict).toBe('200');
  expect(await asks()).toBe('401 UNAUTHENTICATED');
  // For good: no change brings it back.
  await change({ name: 'k', roles: ['query'], tenants: [TENANT.a] });
  expect(await asks()).toBe('401 UNAUTHENTICATED');
  const deleted = await makeKey(['query'], [TENANT.a]);
  expect((await ask(deleted, path)).verdict).toBe('200');
  expect((await ask(root, `DELETE /cadf/v1/admin/keys/${deleted.id}`)).verdict).toBe('204');
  expect((await ask(deleted, path)).verdict).toBe('401 UNAUTHENTICATED');
});

test('a source that was deleted takes nothing more from keys bound to it', async () => {
  await ask(root, 'PUT /cadf/v1/admin/sources/short-lived', { body: { type: 'cadf', name: 'x' } });
  const key = await makeKey(['submit'], '*', { source: 'short-lived' });
  const question = { body: testEvent() };
  expect((await ask(key, 'POST /cadf/v1/events', question)).verdict).toBe('202');
  await ask(root, 'DELETE /cadf/v1/admin/sources/short-lived');
  expect((await ask(key, 'POST /cadf/v1/events', question)).verdict).toBe('422 SOURCE_UNKNOWN');
});

test('no odd form of a path, method or credential gets past the key', async () => {
  const { none, queryA } = callers;
  const paths = [
    '/cadf/v1/events', '/cadf/v1/count', '/cadf/v1/dead-letters', '/cadf/v1/admin/keys', '/metrics',
    `/cadf/v1/events/${EVENT_ID.ab}`, '/cimi',
    `/cimi/eventLogs/tenant-${TENANT.a}/events`,
  ]; // prettier-ignore
  for (const path of paths) {
    const odd = [
      path, `${path}/`, path.replace('/', '//'), path.toUpperCase(), path.replace('/v1', '/%76%31'),
      path.replace('/v1', '/x/../v1'), `/healthz/..${path}`, `/docs/..%2f..${path}`, `${path}?key=${service.key}`,
      `${path}?access_token=${service.key}`, `${path};a=b`, `${path}%00`, `${path}.json`,
    ]; // prettier-ignore
    for (const form of odd) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status } = await ask(none, `${method} ${form}`);
        expect([method, form, status, status >= 400]).toEqual([method, form, status, true]);
      }
    }
  }
  const token = queryA.authorization?.slice('Bearer '.length) ?? '';
  for (const [authorization, verdict] of [
    [`bearer ${token}`, '200'],
    [`Bearer  ${token} `, '200'],
    [token, '401 UNAUTHENTICATED'],
    [`Bearer ${token}x`, '401 UNAUTHENTICATED'],
    [`Bearer ${token.slice(0, -1)}`, '401 UNAUTHENTICATED'],
    [`Bearer ${token},Bearer ${service.key}`, '401 UNAUTHENTICATED'],
    [`Bearer ${token.replace(queryA.id ?? '', callers.queryAll.id ?? '')}`, '401 UNAUTHENTICATED'],
    [`Bearer ${token.toUpperCase()}`, '401 UNAUTHENTICATED'],
    [`Bearer ${'x'.repeat(8192)}`, '401 UNAUTHENTICATED'],
  ] as const) {
    const answer = await ask({ ...queryA, authorization }, 'GET /cadf/v1/count');
    expect([authorization, answer.verdict]).toEqual([authorization, verdict]);
  }
  // One header does not lend its rights to the other.
  const both = { headers: { 'x-auth-token': service.key } };
  expect((await ask(none, 'GET /cadf/v1/count', both)).verdict).toBe('200');
  expect((await ask(queryA, 'GET /cadf/v1/admin/keys', both)).verdict).toBe('403 FORBIDDEN_ROLE');
});

test('neither keys nor tokens are logged', () => {
  const log = service.output();
  const tokens = Object.values(callers).map(({ authorization = '' }) => authorization.split(' ')[1] ?? '');
  for (const token of [service.key, ...tokens.filter((text) => text.startsWith('cadf_'))])
    expect(log.includes(token)).toBe(false);
});
