import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { records } from '../../../../test/contract/store-suite.ts';
import { startHermesApp } from './hermes-app.test-support.ts';
import type { HermesAnswer, HermesApp } from './hermes-app.test-support.ts';

interface List {
  readonly next?: string;
  readonly previous?: string;
  readonly events: readonly { readonly id: string }[];
  readonly total: number;
}

let hermes: HermesApp;
const uuid = (digit: string): string => `${digit.repeat(8)}-1111-5111-8111-111111111111`;
const user = { typeURI: 'service/security/account/user', name: 'ada' };

/** Who sees what: `p1` two events in two versions each and ten more, `p2` one, the domain `d1` one. */
const assigned = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: uuid('a'),
  eventType: 'activity',
  eventTime: '2017-11-01T12:28:58.660965+00:00',
  action: 'create/role_assignment',
  outcome: 'success',
  reason: { reasonType: 'HTTP', reasonCode: 409 },
  initiator: {
    ...user,
    id: 'u-1',
    domain: 'cc3test',
    project_id: 'p1',
    host: { address: '127.0.0.1', agent: 'sdk' },
  },
  target: {
    typeURI: 'service/security/account/user',
    id: 'u-2',
    name: 'bob',
    addresses: [{ url: 'https://x' }],
  },
  observer: { typeURI: 'service/security', id: 'o-1', name: 'keystone' },
  attachments: [{ name: 'role_id', contentType: 'data/security/role', content: 'r-1' }],
  tags: ['correlation_id?value=7'],
};
const port = {
  ...assigned,
  id: uuid('b'),
  eventTime: '2017-12-18T18:27:32+0000',
  action: 'create',
  outcome: 'failure',
  requestPath: '/v2.0/ports.json',
  initiator: { typeURI: 'service/security/account/user', id: 'u-3' },
  target: { typeURI: 'network/port', id: 't-3' },
  observer: { typeURI: 'service/network', id: 'o-2', name: 'neutron' },
  attachments: [],
};
const float = {
  ...port,
  id: uuid('c'),
  eventTime: '2017-12-18T18:27:33.500Z',
  action: 'update/add/floatingip',
};

beforeAll(async () => {
  hermes = await startHermesApp(
    {
      p1: { tenants: ['p1'], home: 'p1', kind: 'keystone' },
      p2: { tenants: ['p2'] },
      both: { tenants: ['p1', 'p2'] },
      nobody: { tenants: [] },
      cloud: { tenants: '*', home: 'p2' },
      root: { tenants: '*' },
      submitter: { roles: new Set(['submit']) },
    },
    { settings: { CADF_HERMES_ORIGINS: ['https://dashboard.example'] } },
  );
  const pending = { ...assigned, outcome: 'pending' };
  await hermes.store.insert([
    ...records(0, [pending, assigned, port], { tenants: ['p1'] }),
    ...records(3, [float], { tenants: ['p2'] }),
    ...records(4, [{ ...float, id: uuid('d'), eventTime: '2017-12-19T00:00:00Z', action: 'start' }], {
      tenants: ['d1'],
    }),
    ...records(5, [{ ...float, id: 'no uuid', eventTime: '2017-12-20T00:00:00Z', action: 'stop' }], {
      tenants: [],
    }),
  ]);
});
afterAll(() => hermes.close());

function ids(answer: HermesAnswer): string {
  if (answer.status !== 200) return `${answer.status} ${answer.text}`;
  return answer
    .json<List>()
    .events.map(({ id }) => id[0])
    .join('');
}
async function list(caller: string, query: string): Promise<string> {
  return ids(await hermes.get(caller, `/v1/events?${query}`));
}

describe('versions', () => {
  const version = {
    status: 'CURRENT',
    id: 'v1',
    links: [
      { href: 'http://audit.example/v1/', rel: 'self' },
      { href: 'http://audit.example/docs', rel: 'describedby', type: 'text/html' },
    ],
  };
  it('are told to anyone', async () => {
    const all = await hermes.get('', '/');
    expect(all.status).toBe(300);
    expect(all.json()).toEqual({ versions: [version] });
    for (const path of ['/v1/', '/v1']) {
      const one = await hermes.get('', path);
      expect([one.status, one.json()]).toEqual([200, { version }]);
    }
  });
});

describe('a list', () => {
  it('has the members of Hermes, in its order, each event once', async () => {
    const answer = await hermes.get('p1', '/v1/events?sort=time');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.text).toBe(
      JSON.stringify({
        events: [
          {
            id: uuid('a'),
            eventTime: '2017-11-01T12:28:58.660965+00:00',
            action: 'create/role_assignment',
            outcome: 'success',
            requestPath: '',
            initiator: { typeURI: 'service/security/account/user', id: 'u-1', name: 'ada' },
            target: { typeURI: 'service/security/account/user', id: 'u-2' },
            observer: { typeURI: 'service/security', id: 'o-1', name: 'keystone' },
          },
          {
            id: uuid('b'),
            eventTime: '2017-12-18T18:27:32+0000',
            action: 'create',
            outcome: 'failure',
            requestPath: '/v2.0/ports.json',
            initiator: { typeURI: 'service/security/account/user', id: 'u-3' },
            target: { typeURI: 'network/port', id: 't-3' },
            observer: { typeURI: 'service/network', id: 'o-2', name: 'neutron' },
          },
        ],
        total: 2,
      }),
    );
  });

  it('adds attachments where details are asked for', async () => {
    for (const [query, shown] of [
      ['details=true', true],
      ['details', false],
      ['details=false', false],
      ['', false],
    ] as const) {
      const { events } = (await hermes.get('p1', `/v1/events?sort=time&${query}`)).json<{
        events: { attachments?: unknown }[];
      }>();
      const attachment = { name: 'role_id', typeURI: 'data/security/role', content: 'r-1' };
      expect(events.map(({ attachments }) => attachments)).toEqual([
        shown ? [attachment] : undefined,
        undefined,
      ]);
    }
  });

  it('goes on by next and back by previous, with all parameters', async () => {
    const first = (await hermes.get('root', '/v1/events?sort=time&limit=2&x=%26+y')).json<List>();
    expect(first.next).toBe('http://audit.example/v1/events?limit=2&offset=2&sort=time&x=%26+y');
    expect(first).not.toHaveProperty('previous');
    const seen = [first];
    for (let next = first.next; next !== undefined; next = seen.at(-1)?.next)
      seen.push((await hermes.get('root', next.replace('http://audit.example', ''))).json<List>());
    expect(seen.map(({ events }) => events.map(({ id }) => id[0]).join(''))).toEqual(['ab', 'cd', 'n']);
    expect(seen.map(({ previous = '' }) => /offset=(\d+)/.exec(previous)?.[1])).toEqual([
      undefined,
      '0',
      '2',
    ]);
    expect(seen.map(({ total }) => total)).toEqual([5, 5, 5]);
    const odd = (await hermes.get('root', '/v1/events?offset=1')).json<List>();
    expect(odd.previous).toBe('http://audit.example/v1/events?offset=0');
    const beyond = (await hermes.get('root', '/v1/events?offset=9')).json<List>();
    expect(beyond).toMatchObject({ events: [], total: 5 });
  });

  it('is ten long unless asked, and reaches as far as the window', async () => {
    for (const query of ['', 'limit=', 'limit=0'])
      expect((await hermes.get('root', `/v1/events?${query}`)).json<List>().events).toHaveLength(5);
    expect(await list('root', 'limit=1')).toBe('n');
    expect(await list('root', 'limit=20000&offset=0')).toBe('ndcba');
    for (const [query, text] of [
      ['limit=20000&offset=1', 'offset 1 plus limit 20000 exceeds the maximum of 20000'],
      ['offset=19991', 'offset 19991 plus limit 10 exceeds the maximum of 20000'],
      ['limit=x', 'Invalid limit value'],
      ['limit=-1', 'Invalid limit value'],
      ['limit=4294967296', 'Invalid limit value'],
      ['offset=1.5', 'Invalid offset value'],
    ] as const)
      expect(await list('root', query)).toBe(`400 ${text}\n`);
  });
});

describe('filters', () => {
  it.each([
    ['observer_type=service/network', 'b'],
    ['source=service/network', 'b'],
    ['target_type=network/port', 'b'],
    ['resource_type=network/port', 'b'],
    ['target_id=u-2', 'a'],
    ['resource_name=u-2', 'a'],
    ['initiator_id=u-1', 'a'],
    ['user_name=u-1', 'a'],
    ['initiator_type=service/security/account/user', 'ba'],
    ['initiator_name=ada', 'a'],
    ['initiator_name=!ada', 'b'],
    ['action=create', 'b'],
    ['event_type=create/role_assignment', 'a'],
    ['outcome=success', 'a'],
    ['outcome=!success', 'b'],
    ['outcome=pending', ''],
    ['request_path=/v2.0/ports.json', 'b'],
    ['request_path=!/v2.0/ports.json', 'a'],
    ['action=!', 'ba'],
    ['action=', 'ba'],
    ['action=creat', ''],
    ['action=create&outcome=success', ''],
    ['action=create&outcome=!success', 'b'],
    ['outcome=success&outcome=failure', 'a'],
    ['unheard_of=1', 'ba'],
    [`action=${encodeURIComponent("' OR 1=1 --")}`, ''],
  ])('%s', async (query, expected) => {
    expect(await list('p1', query)).toBe(expected);
    const direct = (await hermes.get('p1', `/v1/events?${query}`)).json<List>();
    expect(direct.total).toBe(expected.length);
  });

  it('are not longer than can be', async () => {
    expect(await list('p1', `action=${'x'.repeat(512)}`)).toBe('');
    expect(await list('p1', `action=${'x'.repeat(513)}`)).toBe('400 action is longer than 512 characters\n');
    expect(await list('p1', `request_path=${'x'.repeat(2048)}`)).toBe('');
  });

  it('under an older name are filters beside the others', async () => {
    expect(await list('p1', 'action=create&event_type=create')).toBe('b');
    expect(await list('p1', 'action=create&event_type=start')).toBe('');
    expect(await list('p1', 'action=!create&event_type=create/role_assignment')).toBe('a');
  });
});

describe('search', () => {
  it.each([
    ['ada', 'a'],
    ['ADA neutron', 'cba'],
    ['neutron AND floatingip', 'c'],
    ['"v2.0 ports"', 'cb'],
    ['initiator.name:ada', 'a'],
    ['-ada&outcome=failure&action=create', 'b'],
    ['correlation_id', 'cba'],
    ['typeURI', ''],
    ['*', 'cba'],
    ['', 'cba'],
  ])('%s', async (search, expected) => {
    expect(await list('both', `search=${search}`)).toBe(expected);
  });

  it('says what it does not look for', async () => {
    expect(await list('both', 'search=ad*')).toContain('400 search has ad*: wildcards');
    const long = `"${'a '.repeat(33)}"`;
    expect(await list('both', `search=${long}`)).toBe('400 search has a phrase of more than 32 words\n');
  });
});

describe('time', () => {
  it.each([
    ['gte:2017-12-18T18:27:32', 'cb'],
    ['gt:2017-12-18T18:27:31', 'cb'],
    ['gt:2017-12-18T18:27:32', 'c'],
    ['gt:2017-12-18T18:27:33', ''],
    ['lt:2017-12-18T18:27:33', 'ba'],
    ['lte:2017-12-18T18:27:33', 'cba'],
    ['lte:2017-12-18T18:27:33.499Z', 'ba'],
    ['lte:2017-12-18T18:27:33.5Z', 'cba'],
    ['gt:2017-12-18T18:27:33.5Z', ''],
    ['gte:2017-12-18T18:27:33Z,lte:2017-12-18T18:27:33Z', 'c'],
    ['gte:2017-12-18T20:27:33%2B02:00', 'c'],
    ['gte:2017-12-18T20:27:33+02:00', 'c'],
    ['gte:2017-12-18T16:27:33-0200', 'c'],
    ['gte:2017-11-01T00:00:00, lt:2017-12-01T00:00:00', 'a'],
    ['gte:0001-01-01T00:00:00Z,lt:9999-01-01T00:00:00Z', 'cba'],
    ['gte:2018-01-01T00:00:00,lt:2017-01-01T00:00:00', ''],
    ['', 'cba'],
  ])('%s', async (time, expected) => {
    expect(await list('both', `time=${time}`)).toBe(expected);
  });

  it.each([
    ['xx:2017-05-01T00:00:00Z', 'time operator xx is not valid. Must be lt, lte, gt or gte'],
    ['lt', 'time operator lt missing :<timestamp>'],
    ['lt:', 'time operator lt missing :<timestamp>'],
    ['lt:2017-05-01T00:00:00Z,lt:2017-05-01T00:00:00Z', 'time operator lt can only occur once'],
    ['lt:not-a-time', 'invalid time format: not-a-time'],
    ['lt:2017-02-30T00:00:00Z', 'invalid time format: 2017-02-30T00:00:00Z'],
    ['lt:2017-05-01', 'invalid time format: 2017-05-01'],
    [',lt:2017-05-01T00:00:00Z', 'Invalid time parameter: an element is empty'],
    [',,', 'Invalid time parameter: an element is empty'],
    [':2017-05-01T00:00:00Z', 'Invalid time parameter: operator cannot be empty'],
  ])('%s is refused', async (time, text) => {
    expect(await list('both', `time=${time}`)).toBe(`400 ${text}\n`);
  });
});

describe('sort', () => {
  it.each([
    ['', 'cba'],
    ['time', 'abc'],
    ['time:asc', 'abc'],
    ['time:desc', 'cba'],
    ['action', 'bac'],
    ['action:desc', 'cab'],
    ['event_type:desc', 'cab'],
    ['outcome', 'cba'],
    ['outcome:desc,time', 'abc'],
    ['initiator_name', 'acb'],
    ['initiator_name:desc', 'acb'],
    ['request_path , time:asc', 'bca'],
    ['target_type,target_id,initiator_type,initiator_id,observer_type,time,time:desc', 'bca'],
    ['source,resource_type,resource_name', 'cba'],
  ])('%s', async (sort, expected) => {
    expect(await list('both', `sort=${encodeURIComponent(sort)}`)).toBe(expected);
  });

  it.each([
    ['invalidfield', 'not a valid topic: invalidfield, valid topics: ['],
    ['user_name', 'not a valid topic: user_name, valid topics: ['],
    ['time:wrongdir', 'sort direction wrongdir is invalid, must be asc or desc'],
    ['time:', 'sort direction for field time cannot be empty'],
    ['time,,initiator_id', 'Invalid sort parameter'],
    [',time', 'Invalid sort parameter'],
    [',,', 'Invalid sort parameter'],
    [':asc', 'Invalid sort parameter: field name cannot be empty'],
  ])('%s is refused', async (sort, text) => {
    expect(await list('both', `sort=${sort}`)).toContain(`400 ${text}`);
  });
});

describe('one event', () => {
  it('is whole, the members Hermes knows first and of its types', async () => {
    const answer = await hermes.get('p1', `/v1/events/${uuid('a')}`);
    expect(answer.text).toBe(
      JSON.stringify({
        typeURI: assigned.typeURI,
        id: assigned.id,
        eventTime: assigned.eventTime,
        eventType: 'activity',
        action: 'create/role_assignment',
        outcome: 'success',
        reason: { reasonType: 'HTTP', reasonCode: '409' },
        initiator: assigned.initiator,
        target: assigned.target,
        observer: assigned.observer,
        attachments: [{ name: 'role_id', typeURI: 'data/security/role', content: 'r-1' }],
        tags: assigned.tags,
      }),
    );
  });

  it('is not found where it is not, or is another’s', async () => {
    const missing = (id: string, project: string): string =>
      `404 event ${id} could not be found in project ${project}\n`;
    for (const [caller, path, expected] of [
      ['p1', uuid('c'), missing(uuid('c'), 'p1')],
      ['p2', uuid('a'), missing(uuid('a'), 'p2')],
      ['cloud', uuid('a'), missing(uuid('a'), 'p2')],
      ['root', uuid('e'), missing(uuid('e'), '')],
      ['nobody', uuid('a'), missing(uuid('a'), '')],
      ['p1', 'invalid-uuid', '400 Invalid event ID format\n'],
      ['p1', 'no%20uuid', '400 Invalid event ID format\n'],
    ] as const) {
      const answer = await hermes.get(caller, `/v1/events/${path}`);
      expect(`${answer.status} ${answer.text}`).toBe(expected);
    }
    expect((await hermes.get('root', '/v1/events/no%20uuid')).json()['id']).toBe('no uuid');
    expect((await hermes.get('cloud', `/v1/events/${uuid('a')}?project_id=*`)).status).toBe(200);
    expect((await hermes.get('cloud', `/v1/events/${uuid('a')}?project_id=p1`)).status).toBe(200);
    expect((await hermes.get('root', `/v1/events/${uuid('a')}?project_id=p1&domain_id=d1`)).status).toBe(404);
  });
});

describe('attributes', () => {
  const values = async (caller: string, path: string): Promise<unknown> => {
    const answer = await hermes.get(caller, `/v1/attributes/${path}`);
    return answer.status === 200 ? answer.json() : `${answer.status} ${answer.text}`;
  };

  it('are the values that the caller’s events have, the most frequent first', async () => {
    expect(await values('p1', 'outcome')).toEqual(['failure', 'success']);
    expect(await values('root', 'outcome')).toEqual(['failure', 'success']);
    expect(await values('p2', 'action')).toEqual(['update/add/floatingip']);
    expect(await values('p1', 'observer_type')).toEqual(['service/network', 'service/security']);
    expect(await values('p1', 'source')).toEqual(['service/network', 'service/security']);
    expect(await values('p1', 'target_type')).toEqual(['network/port', 'service/security/account/user']);
    expect(await values('p1', 'initiator_name')).toEqual(['ada']);
    expect(await values('root', 'target_id')).toEqual(['t-3', 'u-2']);
    expect(await values('p1', 'initiator_id')).toEqual(['u-1', 'u-3']);
    expect(await values('p1', 'initiator_type')).toEqual(['service/security/account/user']);
    expect(await values('p1', 'observer_id')).toEqual(['o-1', 'o-2']);
    expect(await values('p1', 'request_path')).toEqual(['/v2.0/ports.json']);
  });

  it('are cut to a depth after the limit', async () => {
    expect(await values('root', 'action?max_depth=1')).toEqual(['create', 'start', 'stop', 'update']);
    expect(await values('root', 'action?max_depth=2&project_id=p2')).toEqual(['update/add']);
    expect(await values('root', 'action?max_depth=1&limit=2')).toEqual(['create']);
    for (const whole of ['max_depth=0', 'limit=0', 'limit=', 'max_depth=9'])
      expect(await values('p2', `action?${whole}`)).toEqual(['update/add/floatingip']);
    expect(await values('p2', 'action?max_depth=x')).toBe('400 Invalid max_depth value\n');
    expect(await values('p2', 'action?limit=-1')).toBe('400 Invalid limit value\n');
    expect(await values('p2', 'action?limit=20001')).toBe('400 limit 20001 exceeds the maximum of 20000\n');
  });

  it('are not found where there are none', async () => {
    const none = (name: string): string => `404 attribute ${name} could not be found in project p1\n`;
    expect(await values('p1', 'nonsense')).toBe(none('nonsense'));
    expect(await values('p1', 'event_time')).toBe(none('event_time'));
    expect(await values('p2', 'initiator_name')).toContain('404');
    expect(await values('nobody', 'action')).toContain('404');
  });
});

describe('reach', () => {
  it.each([
    ['p1', '', 'ba'],
    ['p2', '', 'c'],
    ['both', '', 'cba'],
    ['nobody', '', ''],
    ['cloud', '', 'c'],
    ['root', '', 'ndcba'],
    ['p1', 'project_id=p1', 'ba'],
    ['p1', 'project_id=p2', '403 Forbidden\n'],
    ['p1', 'project_id=*', '403 Forbidden\n'],
    ['both', 'project_id=*', '403 Forbidden\n'],
    ['both', 'project_id=p2', 'c'],
    ['p1', 'domain_id=d1', '403 Forbidden\n'],
    ['p1', 'project_id=p1&domain_id=d1', '403 Forbidden\n'],
    ['p1', 'project_id=nowhere', '403 Forbidden\n'],
    ['nobody', 'project_id=p1', '403 Forbidden\n'],
    ['cloud', 'project_id=p1', 'ba'],
    ['cloud', 'project_id=*', 'ndcba'],
    ['cloud', 'domain_id=d1', 'd'],
    ['cloud', 'project_id=p1&domain_id=d1', ''],
    ['cloud', 'project_id=nowhere', ''],
    ['submitter', '', '403 Forbidden\n'],
    ['', '', '401 Unauthorized\n'],
    ['stranger', '', '401 Unauthorized\n'],
  ])('of %s with "%s"', async (caller, query, expected) => {
    expect(await list(caller, query)).toBe(expected);
    if (!/^40[13]/.test(expected)) return;
    for (const path of [`/v1/events/${uuid('a')}`, '/v1/attributes/action']) {
      const answer = await hermes.get(caller, `${path}?${query}`);
      expect(`${answer.status} ${answer.text}`).toBe(expected);
    }
  });
});

it('only origins that were named may ask from a browser', async () => {
  const ask = async (method: 'GET' | 'OPTIONS', origin: string, url: string): Promise<unknown[]> => {
    const { headers, statusCode } = await hermes.app.inject({
      method,
      url,
      headers: { origin, 'x-auth-token': 'p1' },
    });
    return [statusCode, headers['access-control-allow-origin'], headers['access-control-allow-headers']];
  };
  const headers = 'X-Auth-Token, Content-Type, Accept';
  const mine = 'https://dashboard.example';
  expect(await ask('OPTIONS', mine, '/v1/events')).toEqual([204, mine, headers]);
  expect(await ask('GET', mine, '/v1/events')).toEqual([200, mine, undefined]);
  expect(await ask('GET', mine, '/v1/events?limit=x')).toEqual([400, mine, undefined]);
  expect(await ask('GET', 'https://elsewhere.example', '/v1/events')).toEqual([200, undefined, undefined]);
  expect((await ask('GET', mine, '/v1/unheard-of'))[0]).toBe(404);
  expect(await ask('GET', mine, '/')).toEqual([300, undefined, undefined]);
});

it('the method QUERY is taken by no path, and is refused with those that are', async () => {
  const answer = await hermes.app.inject({
    method: 'QUERY',
    url: '/v1/events',
    headers: { 'x-auth-token': 'p1' },
  });
  expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
});
