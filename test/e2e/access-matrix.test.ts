/**
 * Who may do and see what: callers × routes × tenants. Each row names one request of one route and what it gives to
 * every caller; callers a row leaves out get 401 (no valid credential) or 403 (lacks the role). Rows of reading routes
 * say which events or letters are shown. A route of the API that has no row fails, and so does any answer that shows
 * one tenant's data to another (`ask`).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAsk, makeCallers, MARK, submitMatrixEvents, TENANT } from '../support/access.ts';
import type { Answer, Ask, Caller, CallerName, Callers, Question } from '../support/access.ts';
import { aggregateAccess } from '../support/access-aggregates.ts';
import { cimiAccess, jobVerdict } from '../support/access-cimi.ts';
import { eventAccess } from '../support/access-events.ts';
import { exportAccess } from '../support/access-exports.ts';
import { feedAccess } from '../support/access-feeds.ts';
import { hermesAccess } from '../support/access-hermes.ts';
import { importAccess } from '../support/access-imports.ts';
import { liveAccess } from '../support/access-live.ts';
import { queryAccess } from '../support/access-queries.ts';
import { told } from '../support/access-readers.ts';
import type { ReadRow } from '../support/access-readers.ts';
import { savedQueryAccess } from '../support/access-saved-queries.ts';
import { scheduleAccess } from '../support/access-schedules.ts';
import { sqlAccess } from '../support/access-sql.ts';
import { subscriptionAccess } from '../support/access-subscriptions.ts';
import { testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

let service: TestService;
let ask: Ask;
let callers: Callers;
/** Ids of the dead letters, by whose they are. */
const letter: Record<string, string> = {};
/** Tokens and the like that must never be logged. */
let root: Caller;

beforeAll(async () => {
  service = await startService({ env: { CADF_TRUST_PROXY: '127.0.0.1', CADF_LIVE_HEARTBEAT: '1s' } });
  ask = createAsk(service);
  root = { name: 'root', authorization: `Bearer ${service.key}`, sees: Object.values(MARK) };
  for (const [id, tenants, mark] of [
    ['source-a', [TENANT.a], MARK.a],
    ['source-b', [TENANT.b], MARK.b],
    ['source-ab', [TENANT.a, TENANT.b], ''],
    ['source-p', undefined, MARK.provider],
  ] as const) {
    const source = { id, type: 'libvirt-audit', name: `host ${mark}`, ...(tenants && { tenants }) };
    const made = await ask(root, 'POST /cadf/v1/admin/sources', { body: source });
    expect(made.verdict).toBe('201');
  }
  callers = await makeCallers(service);
  await submitMatrixEvents(ask, root);
  await makeLetter('a', [TENANT.a], MARK.a);
  await makeLetter('b', [TENANT.b], MARK.b);
  await makeLetter('ab', [TENANT.a, TENANT.b], 'both');
  await makeLetter('wide', [TENANT.a, TENANT.b], 'both', 'source-a');
  await makeLetter('p', '*', MARK.provider);
  await until(async () => {
    const { deadLetters } = (await ask(root, 'GET /cadf/v1/dead-letters')).json<Letters>();
    for (const sent of deadLetters) letter[nameOf(sent)] = sent.id;
    return deadLetters.length === 5;
  });
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

interface Letters {
  readonly deadLetters: readonly { readonly id: string; readonly text: string }[];
}
/** The name a letter was made with is its second word. */
function nameOf({ text }: { readonly text: string }): string {
  return text.split(' ')[1] ?? '';
}

/** A record that cannot be understood, sent by a key of these tenants. */
async function makeLetter(
  name: string,
  tenants: '*' | readonly string[],
  mark: string,
  source = `source-${name}`,
): Promise<void> {
  const key = await ask(root, 'POST /cadf/v1/admin/keys', {
    body: { name: `emitter ${mark}`, roles: ['submit'], tenants, source },
  });
  const { token } = key.json<{ token: string }>();
  const emitter = { name: 'emitter', authorization: `Bearer ${token}`, sees: [] };
  const sent = await ask(emitter, `POST /cadf/v1/sources/${source}/records`, {
    body: `typ=UNKNOWN ${name} ${mark}`,
    type: 'text/plain',
  });
  expect(sent.json()).toMatchObject({ deadLettered: 1 });
}

type Expected = Partial<Record<CallerName, string>>;

interface Row {
  /** Method and path as in /openapi.json. */
  readonly route: string;
  readonly what: string;
  readonly run: (caller: Caller) => Promise<string>;
  readonly expected: Expected;
}

const UNKNOWN: readonly CallerName[] = [
  'none', 'garbage', 'otherScheme', 'wrongSecret', 'revoked', 'expired',
]; // prettier-ignore

/** What every caller gets, where a row does not say otherwise. */
function forEveryone(expected: Expected): Record<string, string> {
  return Object.fromEntries(
    Object.keys(callers).map((name) => [
      name,
      expected[name as CallerName] ??
        (UNKNOWN.includes(name as CallerName) ? '401 UNAUTHENTICATED' : '403 FORBIDDEN_ROLE'),
    ]),
  );
}

const rows: Row[] = [];
function row(route: string, what: string, run: Row['run'], expected: Expected): void {
  rows.push({ route, what, run, expected });
}

/** A row whose answer is told by its verdict alone. */
function verdictRow(
  route: string,
  what: string,
  path: string | (() => string),
  question: Question | undefined,
  expected: Expected,
): void {
  const [method] = route.split(' ');
  const run = async (caller: Caller): Promise<string> =>
    (await ask(caller, `${method} ${typeof path === 'string' ? path : path()}`, question)).verdict;
  row(route, what, run, expected);
}

/** A row that reads; refusals are told by `verdictOf`. */
function readRow(
  { route, what, path, show, expected }: ReadRow,
  verdictOf?: (answer: Answer) => string,
): void {
  const run = async (caller: Caller): Promise<string> => {
    const answer = await ask(caller, `GET ${path}`);
    return told(answer, show, verdictOf);
  };
  row(`GET ${route}`, what, run, expected);
}

function all(verdict: string, names: readonly CallerName[]): Expected {
  return Object.fromEntries(names.map((name) => [name, verdict]));
}

// --- Operation -------------------------------------------------------------------------------------------------

const EVERYONE = [
  ...UNKNOWN, 'submitA', 'queryA', 'exportA', 'adminA', 'boundA', 'queryB', 'queryAB', 'queryNone', 'queryAll',
  'submitAll', 'adminAll', 'root',
] as const satisfies readonly CallerName[]; // prettier-ignore
const HIDDEN = ['GET /openapi.json', 'GET /docs', 'GET /docs/errors'];
for (const route of ['GET /healthz', 'GET /readyz', ...HIDDEN])
  verdictRow(route, 'is open to anyone', route.slice(4), undefined, all('200', EVERYONE));
verdictRow(
  'GET /.well-known/cadf-federation.json',
  'is open to anyone',
  '/.well-known/cadf-federation.json',
  undefined,
  all('200', EVERYONE),
);
verdictRow(
  'GET /cadf/v1/exports/{id}/signed/{expires}/{signature}/{name}',
  'needs a link that was given',
  `/cadf/v1/exports/6a0c4a56-5f0e-4d53-9a55-0d1f2ab0d6a1/signed/9999999999/${'A'.repeat(43)}/head.jws`,
  undefined,
  all('403 EXPORT_LINK', EVERYONE),
);
row(
  'POST /cadf/v1/feeds/{id}/accept',
  'needs an invitation',
  async (caller) =>
    (
      await ask(caller, 'POST /cadf/v1/feeds/none/accept', {
        body: { secret: `5f0e4d539a55_${'A'.repeat(43)}` },
      })
    ).verdict,
  all('403 FEED_INVITATION', EVERYONE),
);
verdictRow('GET /metrics', 'tells the volumes of all', '/metrics', undefined, {
  adminA: '403 FORBIDDEN_TENANT',
  adminAll: '200',
  root: '200',
});

// --- Reading events --------------------------------------------------------------------------------------------

for (const read of [...eventAccess(), ...aggregateAccess()]) readRow(read);
for (const { route, what, run, expected } of [
  ...queryAccess(() => root),
  ...savedQueryAccess(() => callers),
  ...subscriptionAccess(() => callers),
  ...exportAccess(() => callers),
  ...feedAccess(() => callers),
  ...scheduleAccess(() => callers),
  ...importAccess(() => callers),
  ...liveAccess(),
])
  row(route, what, (caller) => run(ask, caller), expected);

// --- CIMI ------------------------------------------------------------------------------------------------------

for (const read of cimiAccess()) readRow(read, jobVerdict);

// --- SQL -------------------------------------------------------------------------------------------------------

for (const { body, expected, show, what } of sqlAccess())
  row(
    'POST /cadf/v1/sql',
    what,
    async (caller) => told(await ask(caller, 'POST /cadf/v1/sql', { body }), show),
    expected,
  );

// --- Hermes ----------------------------------------------------------------------------------------------------

verdictRow('GET /', 'tells the versions', '/', undefined, all('300', EVERYONE));
verdictRow('GET /v1/', 'tells of version 1', '/v1/', undefined, all('200', EVERYONE));
const refusedByHermes = {
  ...all('403', EVERYONE),
  ...all('401', UNKNOWN),
};
for (const read of hermesAccess())
  readRow({ ...read, expected: { ...refusedByHermes, ...read.expected } }, ({ status }) => String(status));

// --- Dead letters ----------------------------------------------------------------------------------------------

const letterReaders = {
  queryA: '200 a ab wide',
  adminA: '200 a ab wide',
  queryB: '200 ab b wide',
  queryAB: '200 a ab b wide',
  queryNone: '200',
  queryAll: '200 a ab b p wide',
  adminAll: '200 a ab b p wide',
  root: '200 a ab b p wide',
};
const lettersOf = async (caller: Caller, query = ''): Promise<string> => {
  const answer = await ask(caller, `GET /cadf/v1/dead-letters${query}`);
  if (answer.status !== 200) return answer.verdict;
  const names = answer.json<Letters>().deadLetters.map(nameOf);
  return ['200', ...names.toSorted()].join(' ');
};
row('GET /cadf/v1/dead-letters', '', (caller) => lettersOf(caller), letterReaders);
row('GET /cadf/v1/dead-letters', 'of source b', (caller) => lettersOf(caller, '?source=source-b'), {
  ...all('200', ['queryA', 'adminA', 'queryNone']),
  ...all('200 b', ['queryB', 'queryAB', 'queryAll', 'adminAll', 'root']),
});
for (const name of ['a', 'b', 'ab', 'wide', 'p']) {
  const gone = '404 QUERY_DEAD_LETTER_NOT_FOUND';
  verdictRow(
    'GET /cadf/v1/dead-letters/{id}',
    name,
    () => `/cadf/v1/dead-letters/${letter[name]}`,
    undefined,
    Object.fromEntries(
      Object.entries(letterReaders).map(([caller, seen]) => [
        caller,
        seen.split(' ').includes(name) ? '200' : gone,
      ]),
    ),
  );
}
const noLetter = '404 INGEST_DEAD_LETTER_NOT_FOUND';
// The letters fail again, so that they stay as they are.
for (const [name, body, adminA] of [
  ['a', undefined, '200'],
  ['b', undefined, noLetter],
  ['ab', undefined, '200'],
  ['p', undefined, noLetter],
  ['a', 'still=no record', '200'],
  // Another tenant would see what this one made up.
  ['ab', 'still=no record', '403 SOURCE_FORBIDDEN'],
  ['wide', 'still=no record', '403 FORBIDDEN_TENANT'],
] as const) {
  verdictRow(
    'POST /cadf/v1/dead-letters/{id}/replay',
    `${name} ${body ?? 'as it was'}`,
    () => `/cadf/v1/dead-letters/${letter[name]}/replay`,
    body === undefined ? undefined : { body, type: 'text/plain' },
    { adminA, adminAll: '200', root: '200' },
  );
}

// --- Submitting ------------------------------------------------------------------------------------------------

const OLD = { eventTime: '2019-01-01T00:00:00.000+00:00' };
const notYours = '403 SOURCE_FORBIDDEN';
for (const [query, submitA, boundA, submitAll] of [
  ['', '202', '202', '202'],
  ['?source=source-a', '202', '202', '202'],
  ['?source=source-b', notYours, notYours, '202'],
  ['?source=source-ab', notYours, notYours, '202'],
  ['?source=source-p', notYours, notYours, '202'],
  ['?source=never-heard-of', notYours, notYours, '202'],
  // The system's own events are nobody's to write.
  ['?source=cadf-pipeline', notYours, notYours, notYours],
] as const) {
  verdictRow(
    'POST /cadf/v1/events',
    query,
    `/cadf/v1/events${query}`,
    { body: testEvent(OLD) },
    { submitA, boundA, submitAll, root: submitAll },
  );
}
verdictRow('POST /cadf/v1/events', 'as the key of another', () => `/cadf/v1/events?source=key-${callers.queryA.id}`, {
  body: testEvent(OLD),
}, { submitA: notYours, boundA: notYours, submitAll: '202', root: '202' }); // prettier-ignore
verdictRow(
  'POST /cadf/v1/validate',
  '',
  '/cadf/v1/validate',
  { body: testEvent() },
  all(
    '200',
    EVERYONE.filter((name) => !UNKNOWN.includes(name) && name !== 'exportA'),
  ),
);
for (const [source, submitA, boundA, submitAll] of [
  ['source-a', '202', '202', '202'],
  ['source-b', notYours, notYours, '202'],
  ['source-p', notYours, notYours, '202'],
  ['never-heard-of', notYours, notYours, '404 INGEST_SOURCE_UNKNOWN'],
] as const) {
  for (const route of ['records', 'upload']) {
    verdictRow(
      `POST /cadf/v1/sources/{source}/${route}`,
      source,
      `/cadf/v1/sources/${source}/${route}`,
      { body: 'type=CWD msg=audit(1795208000.100:801): cwd="/"', type: 'text/plain' },
      { submitA, boundA, submitAll, root: submitAll },
    );
  }
}

// --- Sources ---------------------------------------------------------------------------------------------------

const sourcesOf = (answer: Answer): string => {
  if (answer.status !== 200) return answer.verdict;
  const ids = answer.json<{ sources: { id: string; registered: boolean }[] }>().sources;
  return ['200', ...ids.filter(({ registered }) => registered).map(({ id }) => id)].join(' ');
};
row('GET /cadf/v1/sources', '', async (caller) => sourcesOf(await ask(caller, 'GET /cadf/v1/sources')), {
  ...all('200 source-a', ['queryA', 'adminA']),
  queryB: '200 source-b',
  queryAB: '200 source-a source-ab source-b',
  queryNone: '200',
  ...all('200 source-a source-ab source-b source-p', ['queryAll', 'adminAll', 'root']),
}); // prettier-ignore

// --- Administration --------------------------------------------------------------------------------------------

const beyond = '403 FORBIDDEN_BEYOND_OWN';
const KEYS_OF_A = ['submitA', 'queryA', 'exportA', 'adminA', 'boundA'];
const callersOf = (answer: Answer): string => {
  if (answer.status !== 200) return answer.verdict;
  const ids = new Set(answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id));
  const known = EVERYONE.filter((name) => ids.has(callers[name].id ?? '-'));
  return ['200', ...known].join(' ');
};
row('GET /cadf/v1/admin/keys', '', async (caller) => callersOf(await ask(caller, 'GET /cadf/v1/admin/keys?limit=1000')), {
  adminA: `200 ${KEYS_OF_A.join(' ')}`,
  ...all(`200 ${EVERYONE.filter((name) => !['none', 'garbage', 'otherScheme', 'wrongSecret', 'root'].includes(name)).join(' ')}`, ['adminAll', 'root']),
}); // prettier-ignore
for (const [name, adminA] of [
  ['queryA', '200'],
  ['queryB', '404 CONTROL_UNKNOWN'],
  ['queryAB', '404 CONTROL_UNKNOWN'],
  ['queryNone', '404 CONTROL_UNKNOWN'],
  ['adminAll', '404 CONTROL_UNKNOWN'],
] as const) {
  const path = (): string => `/cadf/v1/admin/keys/${callers[name].id}`;
  verdictRow('GET /cadf/v1/admin/keys/{id}', name, path, undefined, { adminA, adminAll: '200', root: '200' });
}
for (const [what, key, adminA, adminAll] of [
  ['an admin of A', { roles: ['admin'], tenants: [TENANT.a] }, '201', '201'],
  ['an admin of B', { roles: ['admin'], tenants: [TENANT.b] }, beyond, '201'],
  ['an admin of A and B', { roles: ['admin'], tenants: [TENANT.a, TENANT.b] }, beyond, '201'],
  ['an admin of all', { roles: ['admin'], tenants: '*' }, beyond, '201'],
  ['a key of no tenant', { roles: ['admin'], tenants: [] }, beyond, '201'],
  ['a role it has not', { roles: ['query'], tenants: [TENANT.a] }, beyond, beyond],
  ['a source of A', { roles: ['admin'], tenants: [TENANT.a], source: 'source-a' }, '201', '201'],
  ['a source of B', { roles: ['admin'], tenants: [TENANT.a], source: 'source-b' }, beyond, '201'],
  ['a source of the provider', { roles: ['admin'], tenants: [TENANT.a], source: 'source-p' }, beyond, '201'],
] as const) {
  const made = { body: { name: 'made', ...key } };
  const expected = { adminA, adminAll, root: '201' };
  verdictRow('POST /cadf/v1/admin/keys', what, '/cadf/v1/admin/keys', made, expected);
}

/** Rows that change or end something, made afresh by root where a caller was let to. */
function changes(
  route: string,
  what: string,
  make: () => Promise<string>,
  question: Question | undefined,
  expected: Expected,
): void {
  let id: string | undefined;
  const run = async (caller: Caller): Promise<string> => {
    id ??= await make();
    const { status, verdict } = await ask(caller, route.replace('{id}', id), question);
    // Nothing of the row is to stay: a stored rule would replace the default ones. The last caller is root.
    if (status < 300 || caller.name === 'root') {
      await ask(root, `DELETE ${route.replace(/^\S+ /, '').replace('/revoke', '').replace('{id}', id)}`);
      id = undefined;
    }
    return verdict;
  };
  row(route, what, run, expected);
}
const victim = (tenants: '*' | readonly string[]) => async (): Promise<string> => {
  const body = { name: 'victim', roles: ['query'], tenants };
  return (await ask(root, 'POST /cadf/v1/admin/keys', { body })).json<{ id: string }>().id;
};
const KEY = '/cadf/v1/admin/keys/{id}';
for (const [what, tenants, adminA] of [
  ['of A', [TENANT.a], undefined],
  ['of B', [TENANT.b], '404 CONTROL_UNKNOWN'],
  ['of A and B', [TENANT.a, TENANT.b], '404 CONTROL_UNKNOWN'],
  ['of no tenant', [], '404 CONTROL_UNKNOWN'],
  ['of all', '*', '404 CONTROL_UNKNOWN'],
] as const) {
  const by = (done: string): Expected => ({ adminA: adminA ?? done, adminAll: done, root: done });
  const sound = { body: { name: 'changed', roles: ['admin'], tenants: [TENANT.a] } };
  changes(`PUT ${KEY}`, what, victim(tenants), sound, by('200'));
  changes(`POST ${KEY}/revoke`, what, victim(tenants), undefined, by('200'));
  changes(`DELETE ${KEY}`, what, victim(tenants), undefined, by('204'));
}
changes(`PUT ${KEY}`, 'of A, to reach B', victim([TENANT.a]), {
  body: { name: 'changed', roles: ['admin'], tenants: [TENANT.a, TENANT.b] },
}, { adminA: beyond, adminAll: '200', root: '200' }); // prettier-ignore

let made = 0;
for (const [kind, body] of [
  ['tenants', { name: `tenant ${MARK.provider}` }],
  ['sources', { name: `source ${MARK.provider}`, type: 'cadf' }],
  ['rules', { path: 'target/zone', source: 'nowhere', why: MARK.provider }],
] as const) {
  const list = `/cadf/v1/admin/${kind}`;
  const one = `${list}/{id}`;
  const by = (done: string): Expected => ({ adminA: beyond, adminAll: done, root: done });
  const make = async (): Promise<string> => {
    const id = `made-${++made}`;
    expect((await ask(root, `POST ${list}`, { body: { id, ...body } })).verdict).toBe('201');
    return id;
  };
  verdictRow(`GET ${list}`, '', list, undefined, by('200'));
  row(
    `POST ${list}`,
    '',
    async (caller) => {
      const id = `made-${++made}`;
      const { verdict } = await ask(caller, `POST ${list}`, { body: { id, ...body } });
      await ask(root, `DELETE ${list}/${id}`);
      return verdict;
    },
    by('201'),
  );
  changes(`GET ${one}`, '', make, undefined, by('200'));
  changes(`PUT ${one}`, '', make, { body: { ...body } }, by('200'));
  changes(`DELETE ${one}`, '', make, undefined, by('204'));
}

// ---------------------------------------------------------------------------------------------------------------

test('every route of the API has its rows', async () => {
  const document = (await ask(root, 'GET /openapi.json')).json<{ paths: Record<string, object> }>();
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const covered = new Set(rows.map(({ route }) => route).filter((route) => !HIDDEN.includes(route)));
  expect([...covered].toSorted()).toEqual(routes.toSorted());
});

describe('the matrix', () => {
  test.each(rows)('$route $what', async ({ run, expected }) => {
    const got: Record<string, string> = {};
    for (const [name, caller] of Object.entries(callers)) got[name] = await run(caller as Caller);
    expect(got).toEqual(forEveryone(expected));
  });
});
