/**
 * Callers of every kind and events of every audience, for tests of who may see what. Whatever is one tenant's alone
 * holds that tenant's mark; `ask` fails when an answer shows a mark to a caller that may not see it, whichever route
 * gave it.
 */
import { ndjson, testEvent } from './events.ts';
import type { TestEvent } from './events.ts';
import { until } from './service.ts';
import type { TestService } from './service.ts';

/** Stand in what only tenant A, only tenant B, or only the provider may see. */
export const MARK = { a: 'seen-by-a-only', b: 'seen-by-b-only', provider: 'seen-by-provider-only' } as const;
const MARKS = Object.values(MARK);

export const TENANT = { a: 'tenant-a', b: 'tenant-b' } as const;

export interface Caller {
  readonly name: string;
  /** Value of the Authorization header. */
  readonly authorization?: string;
  /** Id of the key. */
  readonly id?: string;
  /** Marks its answers may hold. */
  readonly sees: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Status, with the code of a problem: `403 FORBIDDEN_ROLE`. */
  readonly verdict: string;
  /** The body as JSON; members are looked at by the tests. */
  json<T = Record<string, unknown>>(): T;
}

export interface Question {
  readonly body?: string | object;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of an answer that has no end: when to leave it, by what came of it. */
  readonly enough?: (text: string) => boolean;
}

/** Asks a caller's question and checks that the answer shows nothing the caller may not see. */
export type Ask = (caller: Caller, route: string, question?: Question) => Promise<Answer>;

/** Refused credentials are counted by address, so each of these requests gets its own (CADF_TRUST_PROXY is set). */
let address = 0;

export function createAsk(service: TestService): Ask {
  return async (caller, route, { body, type = 'application/json', headers = {}, enough } = {}) => {
    const [method = 'GET', path = '/'] = route.split(' ', 2);
    address++;
    const response = await fetch(service.url + path, {
      method,
      headers: {
        'x-forwarded-for': `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`,
        ...(caller.authorization === undefined ? {} : { authorization: caller.authorization }),
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await textOf(response, enough);
    const shown = text + JSON.stringify([...response.headers]);
    for (const mark of MARKS) {
      if (shown.includes(mark) && !caller.sees.includes(mark))
        throw new Error(`${route} shows "${mark}" to ${caller.name}: ${text.slice(0, 2000)}`);
    }
    const code = response.ok ? undefined : /"code":"([A-Z_]+)"/.exec(text)?.[1];
    return {
      status: response.status,
      headers: response.headers,
      text,
      verdict: code === undefined ? String(response.status) : `${response.status} ${code}`,
      json: <T>() => JSON.parse(text) as T,
    };
  };
}

async function textOf(response: Response, enough: Question['enough']): Promise<string> {
  if (enough === undefined || !response.ok || response.body === null) return response.text();
  let text = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (enough(text)) break;
  }
  return text;
}

export interface Callers {
  readonly none: Caller;
  readonly garbage: Caller;
  readonly otherScheme: Caller;
  readonly wrongSecret: Caller;
  readonly revoked: Caller;
  readonly expired: Caller;
  readonly submitA: Caller;
  readonly queryA: Caller;
  readonly exportA: Caller;
  readonly adminA: Caller;
  readonly boundA: Caller;
  readonly queryB: Caller;
  readonly queryAB: Caller;
  readonly queryNone: Caller;
  readonly queryAll: Caller;
  readonly submitAll: Caller;
  readonly adminAll: Caller;
  readonly root: Caller;
}
export type CallerName = keyof Callers;

/** Makes the keys through the API, as an administrator does. Source `source-a` has to be registered before. */
export async function makeCallers(service: TestService): Promise<Callers> {
  const ask = createAsk(service);
  const root: Caller = {
    name: 'root',
    id: 'bootstrap',
    authorization: `Bearer ${service.key}`,
    sees: MARKS,
  };
  async function key(
    name: string,
    roles: readonly string[],
    tenants: '*' | readonly string[],
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<Caller> {
    const sees =
      tenants === '*'
        ? MARKS
        : [...(tenants.includes(TENANT.a) ? [MARK.a] : []), ...(tenants.includes(TENANT.b) ? [MARK.b] : [])];
    const named = `${name} ${sees.length === 1 ? sees[0] : ''}`;
    const answer = await ask(root, 'POST /cadf/v1/admin/keys', {
      body: { name: named, roles, tenants, ...more },
    });
    if (answer.status !== 201) throw new Error(`key ${name}: ${answer.text}`);
    const { id, token } = answer.json<{ id: string; token: string }>();
    return { name, id, authorization: `Bearer ${token}`, sees };
  }
  const everyRole = ['submit', 'query', 'export', 'admin'];
  const { a, b } = TENANT;
  const queryA = await key('queryA', ['query'], [a]);
  const revoked = await key('revoked', everyRole, '*');
  await ask(root, `POST /cadf/v1/admin/keys/${revoked.id}/revoke`);
  const blind = { sees: [] };
  return {
    none: { name: 'none', ...blind },
    garbage: { name: 'garbage', authorization: `Bearer cadf_${'x'.repeat(40)}`, ...blind },
    otherScheme: {
      name: 'otherScheme',
      authorization: `Basic ${Buffer.from(`bootstrap:${service.key}`).toString('base64')}`,
      ...blind,
    },
    wrongSecret: {
      name: 'wrongSecret',
      authorization: `Bearer cadf_${queryA.id}_${'A'.repeat(43)}`,
      ...blind,
    },
    revoked: { ...revoked, ...blind },
    expired: { ...(await key('expired', everyRole, '*', { expires: '2020-01-01T00:00:00Z' })), ...blind },
    submitA: await key('submitA', ['submit'], [a]),
    queryA,
    exportA: await key('exportA', ['export'], [a]),
    adminA: await key('adminA', ['admin'], [a]),
    boundA: await key('boundA', ['submit'], [a], { source: 'source-a' }),
    queryB: await key('queryB', ['query'], [b]),
    queryAB: await key('queryAB', ['query'], [a, b]),
    queryNone: await key('queryNone', ['query'], []),
    queryAll: await key('queryAll', ['query'], '*'),
    submitAll: await key('submitAll', ['submit'], '*'),
    adminAll: await key('adminAll', ['admin'], '*'),
    root,
  };
}

/** The minute all events of the matrix are in: the system's own events are of today. */
export const WINDOW = 'from=2020-06-01T00:00:00Z&to=2020-06-01T00:01:00Z';

/** The ids of the events, by the label in their `target.name`. */
export const EVENT_ID = {
  a: 'event of a/1',
  b: 'event of b/1',
  ab: 'event-of-both',
  none: 'event-of-none',
  pending: 'event-in-two-versions',
  final: 'event-in-two-versions',
  'same-a': 'same-id',
  'same-b': 'same-id',
  'moved-b': 'event-that-moved',
  'moved-a': 'event-that-moved',
} as const;

/** Submits the events of the matrix as the provider, and waits until all can be read. */
export async function submitMatrixEvents(ask: Ask, root: Caller): Promise<void> {
  const step = (mark: string): object => ({
    role: 'observer',
    reporterTime: '2020-06-01T00:00:00+00:00',
    reporter: { id: `reporter-${mark}`, typeURI: 'service/security', name: mark },
  });
  let second = 0;
  const make = (
    label: keyof typeof EVENT_ID,
    projects: readonly [initiator?: string, target?: string],
    marks: string,
    more: Readonly<Record<string, unknown>> = {},
  ): TestEvent => ({
    ...testEvent({
      eventTime: `2020-06-01T00:00:${String(second++).padStart(2, '0')}.000+00:00`,
      initiator: resource('data/security/account/user', marks, projects[0]),
      target: resource('compute/machine', label, projects[1]),
      ...more,
    }),
    id: EVENT_ID[label],
  });
  const { a, b } = TENANT;
  const submit = async (source: string, events: readonly TestEvent[]): Promise<void> => {
    const answer = await ask(root, `POST /cadf/v1/events?source=${source}&profile=lenient`, {
      body: ndjson(events),
      type: 'application/x-ndjson',
    });
    if (answer.json<{ accepted: number }>().accepted !== events.length) throw new Error(answer.text);
  };
  await submit('matrix', [
    make('a', [a], MARK.a),
    make('b', [b], MARK.b),
    make('ab', [a, b], 'both'),
    make('none', [], MARK.provider),
    make('pending', [a], MARK.a, { outcome: 'pending' }),
    make('final', [a], MARK.a),
  ]);
  await submit(`source-${MARK.a}`, [make('same-a', [a], MARK.a)]);
  await submit(`source-${MARK.b}`, [make('same-b', [b], MARK.b)]);
  await submit('matrix', [make('moved-b', [b], MARK.b, { reporterchain: [step(MARK.b)] })]);
  await submit('matrix', [make('moved-a', [a], MARK.a, { reporterchain: [step(MARK.a)] })]);
  await until(async () => {
    const answer = await ask(root, `GET /cadf/v1/count?versions=all&${WINDOW}`);
    return answer.json<{ count: number }>().count === Object.keys(EVENT_ID).length;
  });
}

function resource(typeURI: string, name: string, project: string | undefined): object {
  return { id: 'r-1', typeURI, name, ...(project === undefined ? {} : { project_id: project }) };
}
