import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../../test/contract/store-suite.ts';
import { startQueryApp } from './query-app.test-support.ts';
import type { QueryApp } from './query-app.test-support.ts';

const BASE = Date.UTC(2026, 9, 25);
const HOUR = 3_600_000;
let app: QueryApp;
let offset = 0;

interface Given {
  readonly id: string;
  readonly hours?: number;
  readonly tenants?: readonly string[];
  readonly source?: string;
  readonly [member: string]: unknown;
}

async function store(...events: readonly Given[]): Promise<void> {
  const stored = events.map(({ hours = 0, source = 'a', tenants = ['a'], ...event }) => {
    const eventTime = new Date(BASE + hours * HOUR).toISOString().replace('Z', '+00:00');
    return record(offset++, { eventTime, ...event }, { receivedMs: BASE, source, tenants });
  });
  expect((await app.store.insert(stored)).stored).toBe(events.length);
}

const agent = { address: '10.0.0.1', agent: 'curl' };
const ada = { id: 'ada', host: agent, request_id: 'req-1' };

beforeAll(async () => {
  app = await startQueryApp({ all: {}, a: { tenants: ['a'] }, b: { tenants: ['b'] } });
  await store(
    { id: 'start', outcome: 'pending', initiator: ada, target: { id: 'vm-1' }, tags: ['//cimi/operation?value=j1'] },
    { id: 'start', outcome: 'success', initiator: ada, target: { id: 'vm-1' }, tags: ['//cimi/operation?value=j1', '//x/y?value=1'] },
    { id: 'nested', hours: 3, tags: ['//cimi/parent-job?value=j1'], target: { id: 'vm-9' } },
    { id: 'other-service', hours: -2, tags: ['//openstack-nova/request?value=req-1'] },
    { id: 'same-session', hours: 0.5, initiator: { id: 'ada', host: agent }, target: { id: 'vm-2' } },
    { id: 'same-request', hours: 0.6, initiator: { id: 'ada', request_id: 'req-1' } },
    { id: 'other-place', hours: 0.5, initiator: { id: 'ada', host: { address: '10.0.0.2', agent: 'curl' } } },
    { id: 'same-target', hours: -0.5, initiator: { id: 'eve' }, target: 'target', targetId: 'vm-1' },
    { id: 'same-target-later', hours: 1.5, target: { id: 'vm-1' } },
    { id: 'too-late', hours: 25, tags: ['//cimi/operation?value=j1'] },
    { id: 'of-b', hours: 0.1, tenants: ['b'], target: { id: 'vm-1' }, tags: ['//cimi/operation?value=j1'] },
    { id: 'twice', hours: 500, source: 'a' },
    { id: 'twice', hours: 500, source: 'c' },
    { id: 'bare', hours: 900 },
  ); // prettier-ignore
}, 60_000);
afterAll(() => app.close());

describe('events related to one', () => {
  interface Body {
    readonly related: readonly {
      readonly event: { readonly id: string };
      readonly relations: readonly { readonly kind: string }[];
    }[];
    readonly more: boolean;
  }
  async function related(token: string, query = ''): Promise<string[]> {
    const { body, status } = await app.json(token, `events/start/related?${query}`);
    expect(status).toBe(200);
    return (body as Body).related.map(
      ({ event, relations }) => `${event.id}: ${relations.map(({ kind }) => kind).join(' ')}`,
    );
  }

  test('are those of the same operation, session or target, in order of time, each with why', async () => {
    expect(await related('a')).toEqual([
      'other-service: correlation',
      'same-target: target',
      'same-session: session',
      'same-request: session',
      'nested: correlation',
    ]);
    const { body } = await app.json('a', 'events/start/related?kinds=session&limit=1');
    expect(body).toMatchObject({
      event: { id: 'start', source: 'a' },
      related: [
        {
          source: 'a',
          relations: [
            {
              kind: 'session',
              same: {
                'initiator/id': 'ada',
                'initiator/host/address': '10.0.0.1',
                'initiator/host/agent': 'curl',
              },
            },
          ],
        },
      ],
      more: true,
    });
  });

  test('are of the caller’s tenants only', async () => {
    expect(await related('all', 'kinds=correlation,target')).toEqual([
      'other-service: correlation',
      'same-target: target',
      'of-b: correlation target',
      'nested: correlation',
    ]);
    expect((await app.json('b', 'events/start/related')).status).toBe(404);
  });

  test('are looked for as far as asked', async () => {
    expect(await related('a', 'kinds=target&window=PT90M')).toEqual([
      'same-target: target',
      'same-target-later: target',
    ]);
    expect(await related('a', 'kinds=correlation&window=P2D')).toEqual([
      'other-service: correlation',
      'nested: correlation',
      'too-late: correlation',
    ]);
    expect((await app.json('a', 'events/bare/related')).body).toMatchObject({ related: [], more: false });
    for (const [path, status, code] of [
      ['events/start/related?window=PT0S', 400, 'QUERY_WINDOW_INVALID'],
      ['events/start/related?window=P1Y', 400, 'QUERY_WINDOW_INVALID'],
      ['events/start/related?kinds=friends', 400, 'REQUEST_INVALID'],
      ['events/nobody/related', 404, 'QUERY_EVENT_NOT_FOUND'],
      ['events/twice/related', 409, 'QUERY_EVENT_AMBIGUOUS'],
    ] as const)
      expect(await app.json('a', path)).toMatchObject({
        status,
        ...(code !== 'REQUEST_INVALID' && { body: { code } }),
      });
    expect((await app.json('a', 'events/twice/related?source=c')).status).toBe(200);
  });
});

describe('a timeline', () => {
  test('fills gaps with zeros and takes days of a zone as long as they are', async () => {
    const { body } = await app.json(
      'a',
      'timeline?interval=1d&zone=Europe/Berlin&from=2026-10-24T00:00:00Z&to=2026-10-28T00:00:00Z',
    );
    expect(body).toMatchObject({
      interval: '1d',
      total: 9,
      buckets: [
        { start: '2026-10-24T00:00:00.000+02:00', count: 0 },
        { start: '2026-10-25T00:00:00.000+02:00', count: 8 },
        { start: '2026-10-26T00:00:00.000+01:00', count: 1 },
        { start: '2026-10-27T00:00:00.000+01:00', count: 0 },
        { start: '2026-10-28T00:00:00.000+01:00', count: 0 },
      ],
      end: '2026-10-29T00:00:00.000+01:00',
    });
  });

  test('spans the events found and chooses its interval by itself', async () => {
    const { body } = await app.json('a', "timeline?by=outcome&filter=target/id='vm-1'");
    expect(body).toMatchObject({
      interval: '1m',
      total: 3,
      series: [{ value: 'success', total: 1 }],
      buckets: { length: 121 },
    });
    expect((await app.json('a', "timeline?filter=id='nobody'")).body).toMatchObject({
      total: 0,
      buckets: [],
    });
  });

  test('says which interval to take instead of one that gives too many buckets', async () => {
    const { body } = await app.json(
      'a',
      'timeline?interval=1s&from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z',
    );
    expect(body).toMatchObject({ code: 'QUERY_INTERVAL_INVALID', interval: '30m' });
    for (const query of ['interval=2d', 'zone=Mars/Olympus', 'interval=1D'])
      expect((await app.json('a', `timeline?${query}`)).body).toMatchObject({
        code: 'QUERY_INTERVAL_INVALID',
      });
    for (const by of ['tags', 'tenant', 'attachments/name', 'outcme'])
      expect((await app.json('a', `timeline?by=${by}`)).body).toMatchObject({ code: 'QUERY_FIELD_INVALID' });
  });
});

test('one source is asked for in the same way everywhere', async () => {
  const total = async (path: string): Promise<unknown> => (await app.json('a', path)).body;
  for (const [source, count] of [
    ['c', 1],
    ['none', 0],
  ] as const) {
    expect(await total(`count?source=${source}`)).toEqual({ count });
    expect(await total(`facets?field=action&source=${source}`)).toMatchObject({ total: count });
    expect(await total(`timeline?source=${source}`)).toMatchObject({ total: count });
    const { events } = (await total(`events?source=${source}`)) as { events: { id: string }[] };
    expect(events.map(({ id }) => id)).toEqual(count === 0 ? [] : ['twice']);
  }
  expect(await app.json('a', 'count?source=')).toMatchObject({ status: 400 });
  const inFilter = await app.json('a', "count?filter=source='c'");
  expect(inFilter).toMatchObject({
    status: 400,
    body: { code: 'QUERY_FILTER_INVALID', detail: expect.stringContaining('parameter source') },
  });
});

describe('what cannot be asked', () => {
  test('of a filter is told with its place', async () => {
    for (const path of ['count', 'timeline', 'taxonomy/actions', 'events', 'facets?field=action']) {
      const { body, status } = await app.json(
        'a',
        `${path}${path.includes('?') ? '&' : '?'}filter=${encodeURIComponent("outcme = 'x'")}`,
      );
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'QUERY_FILTER_INVALID',
        fault: {
          code: 'FILTER_MEMBER_UNKNOWN',
          column: 1,
          suggestion: 'outcome',
          excerpt: "outcme = 'x'\n^",
        },
      });
    }
  });

  test('of paths whose planning would occupy the engine is told', async () => {
    const of = (count: number, names: number): string =>
      `facets?filter=target/id='vm-1'${Array.from({ length: count }, (_, i) => `&field=a${i}${'/b'.repeat(names - 1)}`).join('')}`;
    for (const [count, names] of [
      [10, 16],
      [1, 80],
      [1, 200],
      [4, 16],
    ] as const)
      expect(await app.json('a', of(count, names))).toMatchObject({
        status: 400,
        body: { code: 'QUERY_FIELD_INVALID' },
      });
    expect((await app.json('a', of(10, 5))).status).toBe(200);
  });

  test('of fields is told', async () => {
    for (const field of ['a = 1 and b', 'initator/name', '', '/', "x'", 'x exists or y'])
      expect((await app.json('a', `facets?field=${encodeURIComponent(field)}`)).status).toBe(400);
    expect((await app.json('a', 'facets')).status).toBe(400);
    expect((await app.json('a', 'facets?field=action&field=action')).status).toBe(400);
  });
});
