import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { record } from '../../../../test/contract/store-suite.ts';
import { testEvent } from '../../../../test/support/events.ts';
import { startQueryApp } from '../query-app.test-support.ts';
import type { QueryApp } from '../query-app.test-support.ts';

const OUTCOMES = ['success', 'failure', 'pending', 'unknown', 'success/partial', 'odd', 'Success'];
const SEVERITIES = ['low', 'MEDIUM', 'High', 'critical', 'info', undefined, undefined];
const NAMES = ['start', 'o\'dd \\ "name"\n', 'Ä😀', undefined];
const COUNT = 210;

/** An item as it is served. */
interface Item {
  readonly id: string;
  readonly name?: string;
  readonly created: string;
  readonly timestamp: string;
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly outcome: string;
  readonly severity?: string;
}
interface Page {
  readonly resourceURI: string;
  readonly id?: string;
  readonly count?: number;
  readonly events?: readonly Item[];
}
/** A filter, and what passes it. */
type Asked = [string, (item: Item) => boolean];
interface Job {
  readonly resourceURI: string;
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly returnCode: number;
  readonly statusMessage: string;
  readonly targetResource: { readonly href: string };
}

let cimi: QueryApp;
let all: readonly Item[];

beforeAll(async () => {
  cimi = await startQueryApp(
    { root: {}, a: { tenants: ['a'] }, submitter: { roles: new Set(['submit']) } },
    { sources: { 'cloud-1': ['a'], 'cloud-2': ['b'] }, now: () => Date.UTC(2026, 10, 2) },
  );
  const events = Array.from({ length: COUNT }, (_, i) => ({
    ...testEvent({
      eventTime: new Date(Date.UTC(2026, 9, 1) + ((i * 37) % 90) * 60_000).toISOString(),
      eventType: i % 4 === 0 ? 'monitor' : 'activity',
      outcome: OUTCOMES[i % OUTCOMES.length],
      ...(SEVERITIES[i % 5] === undefined
        ? {}
        : { severity: SEVERITIES[(i * 3 + Math.floor(i / 7)) % 7] ?? 'none' }),
      ...(NAMES[i % 4] === undefined ? {} : { name: NAMES[i % 4] }),
    }),
    id: i % 2 === 0 ? `event-${i}` : `urn:x:${i}/é?#%2F`,
  }));
  await cimi.store.insert(
    events.map((event, i) =>
      record(i, event, { source: i < 200 ? 'cloud-1' : 'cloud-2', tenants: i < 200 ? ['a'] : ['b'] }),
    ),
  );
  all = (await page('$last=1000')).events ?? [];
  expect(all).toHaveLength(200);
});
afterAll(() => cimi.close());

const EVENTS = '/cimi/eventLogs/source-cloud-1/events';

async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  token = 'root',
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const answer = await cimi.app.inject({ url, headers: { authorization: `Bearer ${token}`, ...headers } });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}
async function json<T>(url: string, headers: Readonly<Record<string, string>> = {}): Promise<T> {
  const answer = await ask(url, headers);
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text) as T;
}
function page(query: string): Promise<Page> {
  return json<Page>(`${EVENTS}?${query}`);
}
function filtered(...filters: readonly string[]): Promise<Page> {
  return page(`$last=1000&${filters.map((filter) => `$filter=${encodeURIComponent(filter)}`).join('&')}`);
}
const ids = (items: readonly Item[] = []): string[] => items.map(({ id }) => id);

describe('an Event', () => {
  it('has the attributes of the standard, in their words', () => {
    expect(new Set(all.map(({ outcome }) => outcome))).toEqual(
      new Set(['Success', 'Failure', 'Pending', 'Unknown', 'Status']),
    );
    expect(new Set(all.map(({ severity }) => severity))).toEqual(
      new Set(['low', 'medium', 'high', 'critical', undefined]),
    );
    for (const item of all) {
      const { content } = item;
      expect(item.type).toBe('http://schemas.dmtf.org/cloud/audit/1.0/event');
      expect(item.timestamp).toBe(content['eventTime']);
      expect(item.name).toBe(content['name']);
      expect(item.id).toBe(`events/cloud-1:${encodeURIComponent(String(content['id']))}`);
      const isObserved = content['eventType'] === 'monitor' && /^success/i.test(String(content['outcome']));
      expect(item.outcome === 'Status').toBe(isObserved);
    }
  });

  it('is read by its id, whatever is in it', async () => {
    for (const item of all.slice(0, 12)) {
      const { resourceURI, ...one } = await json<Item & { resourceURI: string }>(`/cimi/${item.id}`);
      expect(resourceURI).toBe('http://schemas.dmtf.org/cimi/2/Event');
      expect(one).toEqual(item);
    }
  });
});

describe('$first and $last', () => {
  it.each([
    ['', 1, 100],
    ['$first=1&$last=10', 1, 10],
    ['$first=11&$last=20', 11, 20],
    ['$last=5', 1, 5],
    ['$first=150', 150, 200],
    ['$first=200&$last=900', 200, 200],
    ['$first=201', 0, 0],
    ['$first=5&$last=4', 0, 0],
    ['$first=0&$last=3', 1, 3],
    ['$first=-7&$last=0', 0, 0],
    ['$first=1&$last=999999999999999', 1, 200],
    ['$first=999999999999999', 0, 0],
  ])('%s give %d to %d, and the count of all', async (query, first, last) => {
    const found = await page(query);
    expect(ids(found.events)).toEqual(first === 0 ? [] : ids(all).slice(first - 1, last));
    expect(found.count).toBe(200);
  });
});

describe('$filter', () => {
  const time = '2026-10-01T00:30:00Z';
  it.each<[filter: string, passes: (item: Item) => boolean]>([
    ["outcome='Failure'", ({ outcome }) => outcome === 'Failure'],
    ["outcome != 'Success'", ({ outcome }) => outcome !== 'Success'],
    ['"Status" = outcome', ({ outcome }) => outcome === 'Status'],
    ["severity='high' or severity='low'", ({ severity }) => severity === 'high' || severity === 'low'],
    ["severity!='high'", ({ severity }) => severity !== undefined && severity !== 'high'],
    ["not severity='high'", ({ severity }) => severity !== 'high'],
    [`name="o'dd \\ ""name""\n"`, ({ name }) => name === NAMES[1]],
    ["name='Ä😀' and outcome='Status'", ({ name, outcome }) => name === NAMES[2] && outcome === 'Status'],
    ["name^='sta'", ({ name }) => name?.startsWith('sta') === true],
    ["name!='start'", ({ name }) => name !== undefined && name !== 'start'],
    [`timestamp>=${time}`, ({ timestamp }) => Date.parse(timestamp) >= Date.parse(time)],
    [`timestamp < '${time}'`, ({ timestamp }) => Date.parse(timestamp) < Date.parse(time)],
    [`${time} = timestamp`, ({ timestamp }) => Date.parse(timestamp) === Date.parse(time)],
    ['timestamp>=2026-10-01T02:30:00+02:00', ({ timestamp }) => Date.parse(timestamp) >= Date.parse(time)],
    ['timestamp>1066-10-14', () => true],
    ['created<2026-11-01T00:01:00Z', ({ created }) => Date.parse(created) < Date.UTC(2026, 10, 1, 0, 1)],
    ["type='http://schemas.dmtf.org/cloud/audit/1.0/event'", () => true],
    ["type='http://schemas.dmtf.org/cimi/1/event/state'", () => false],
    ["contact='ops'", () => false],
    ["contact!='ops'", () => false],
    ["property['k']='v'", () => false],
    ["(outcome='Failure' or outcome='Pending') and not (name='start' or severity='low')",
      ({ outcome, name, severity }) => ['Failure', 'Pending'].includes(outcome) && name !== 'start' && severity !== 'low'],
    ["outcome in ('Failure','Unknown')", ({ outcome }) => ['Failure', 'Unknown'].includes(outcome)],
    ['severity exists', ({ severity }) => severity !== undefined],
    ['severity = null', ({ severity }) => severity === undefined],
  ])('%s', async (filter, passes) => {
    const found = await filtered(filter);
    expect(ids(found.events)).toEqual(ids(all.filter(passes)));
    expect(found.count).toBe(all.filter(passes).length);
  }); // prettier-ignore

  it('finds an Event by its id, relative or absolute', async () => {
    for (const item of all.slice(0, 4))
      for (const id of [item.id, `https://cloud.example/cimi/${item.id}`])
        expect(ids((await filtered(`id='${id}'`)).events)).toEqual([item.id]);
    expect((await filtered(`id!='${all[0]?.id}'`)).count).toBe(199);
    expect((await filtered("id='events/%'")).count).toBe(0);
  });

  it('takes a plus sign that was not encoded for one', async () => {
    const encoded = await page('$filter=timestamp>=2026-10-01T02:30:00%2B02:00&$last=1000');
    expect(await page('$filter=timestamp>=2026-10-01T02:30:00+02:00&$last=1000')).toEqual(encoded);
  });

  it('means and where it is repeated', async () => {
    const found = await filtered("outcome='Failure' or outcome='Pending'", "severity='high'");
    const passes = ({ outcome, severity }: Item): boolean =>
      ['Failure', 'Pending'].includes(outcome) && severity === 'high';
    expect(found.count).toBeGreaterThan(0);
    expect(ids(found.events)).toEqual(ids(all.filter(passes)));
  });

  it('finds what its parts find, put together in any way', async () => {
    const test = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('outcome', 'severity', 'name'),
          fc.constantFrom('=', '!='),
          fc.constantFrom('Failure', 'Status', 'high', 'start', ''),
        )
        .map(([name, operator, value]): Asked => [
          `${name}${operator}'${value}'`,
          (item) => {
            const has = item[name];
            return has !== undefined && (operator === '=' ? has === value : has !== value);
          },
        ]),
      fc
        .tuple(fc.constantFrom('<', '<=', '=', '>=', '>', '!='), fc.constantFrom(0, 1, 30, 89))
        .map(([operator, minute]): Asked => [
          `timestamp${operator}2026-10-01T0${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}:00Z`,
          ({ timestamp }) => {
            const ms = Date.parse(timestamp) - (Date.UTC(2026, 9, 1) + minute * 60_000);
            if (operator === '=') return ms === 0;
            if (operator === '!=') return ms !== 0;
            if (operator.startsWith('<')) return operator === '<' ? ms < 0 : ms <= 0;
            return operator === '>' ? ms > 0 : ms >= 0;
          },
        ]),
    );
    const { tree } = fc.letrec<{ tree: Asked }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        test,
        tie('tree').map(([text, passes]): Asked => [`not (${text})`, (item) => !passes(item)]),
        fc
          .tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree'))
          .map(([[left, a], word, [right, b]]): Asked => [
            `(${left}) ${word} (${right})`,
            (item) => (word === 'and' ? a(item) && b(item) : a(item) || b(item)),
          ]),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async ([text, passes]) => {
        expect(ids((await filtered(text)).events), text).toEqual(ids(all.filter(passes)));
      }),
      { numRuns: 20 },
    );
  });
});

describe('$orderby', () => {
  const rank = ({ severity = '' }: Item): number =>
    ['', 'low', 'medium', 'high', 'critical'].indexOf(severity);
  const bytes = (a = '', b = ''): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  it.each<[order: string, compare: (a: Item, b: Item) => number]>([
    ['timestamp', (a, b) => bytes(a.timestamp, b.timestamp) || bytes(a.created, b.created)],
    ['timestamp:desc', (a, b) => bytes(b.timestamp, a.timestamp) || bytes(b.created, a.created)],
    ['created:asc', (a, b) => bytes(a.created, b.created)],
    ['outcome,created:desc', (a, b) => bytes(a.outcome, b.outcome) || bytes(b.created, a.created)],
    ['severity:desc, name ,created', (a, b) => rank(b) - rank(a) || bytes(a.name, b.name) || bytes(a.created, b.created)],
    ['type,id', (a, b) => bytes(String(a.content['id']), String(b.content['id']))],
  ])('%s', async (order, compare) => {
    const sorted = ids(all.toSorted(compare));
    for (const size of [60, 1000]) {
      const found: string[] = [];
      for (let first = 1; found.length < 200; first += size)
        found.push(...ids((await page(`$orderby=${order}&$first=${first}&$last=${first + size - 1}`)).events));
      expect(found).toEqual(sorted);
    }
  }); // prettier-ignore

  it('is by time, the newest first, where none is asked for', async () => {
    expect(ids((await page('$orderby=timestamp:desc&$last=1000')).events)).toEqual(ids(all));
  });
});

describe('$select', () => {
  it.each<[select: string, collection: readonly string[], item: readonly string[] | undefined]>([
    ['*', ['resourceURI', 'id', 'count', 'events'], ['id', 'created', 'timestamp', 'type', 'content', 'outcome']],
    ['timestamp,outcome', ['resourceURI', 'id', 'count', 'events'], ['timestamp', 'outcome']],
    ['id, timestamp', ['resourceURI', 'id', 'count', 'events'], ['id', 'timestamp']],
    ['count', ['resourceURI', 'count'], undefined],
    ['events', ['resourceURI', 'id', 'count', 'events'], ['id', 'created', 'timestamp', 'type', 'content', 'outcome']],
    ['nothing', ['resourceURI', 'id', 'count', 'events'], []],
  ])('%s', async (select, collection, item) => {
    const found = await page(`$select=${select}&$filter=name = null and severity = null&$last=1`);
    expect(Object.keys(found)).toEqual(collection);
    expect(found.events?.map((one) => Object.keys(one))).toEqual(item === undefined ? undefined : [item]);
  }); // prettier-ignore

  it('leaves the rest out of a single resource', async () => {
    expect(await json('/cimi/eventLogs/source-cloud-1?$select=name')).toEqual({
      resourceURI: 'http://schemas.dmtf.org/cimi/2/EventLog',
      name: 'Source cloud-1',
    });
  });
});

describe('$expand', () => {
  it('puts the first page of events into logs, and logs into the entry point', async () => {
    interface Log {
      readonly id: string;
      readonly events: { readonly href: string; readonly count: number; readonly events: readonly Item[] };
    }
    const log = await json<Log>('/cimi/eventLogs/source-cloud-1?$expand=events');
    expect(log.events).toMatchObject({ href: 'eventLogs/source-cloud-1/events', count: 200 });
    expect(ids(log.events.events)).toEqual(ids(all).slice(0, 100));
    const { eventLogs } = await json<{ eventLogs: readonly Log[] }>('/cimi/eventLogs?$expand=*');
    expect(eventLogs.map(({ events }) => events.count)).toEqual([200, 10, 0, 200, 10]);
    const point = await json<{ eventLogs: { count: number; eventLogs: readonly Log[] } }>(
      '/cimi?$expand=eventLogs',
    );
    expect(point.eventLogs.eventLogs.map(({ id }) => id)).toEqual([
      'eventLogs/tenant-a',
      'eventLogs/tenant-b',
      'eventLogs/source-cadf-pipeline',
      'eventLogs/source-cloud-1',
      'eventLogs/source-cloud-2',
    ]);
  });
});

describe('collections of logs', () => {
  it.each([
    ["$filter=id='eventLogs/tenant-b'", ['tenant-b'], 1],
    ["$filter=name^='Source'&$orderby=id:desc", ['source-cloud-2', 'source-cloud-1'], 2],
    ['$first=2&$last=2', ['tenant-b'], 5],
    ["$filter=nothing='x'", [], 0],
  ])('%s', async (query, expected, count) => {
    const found = await json<{ count: number; eventLogs?: readonly { id: string }[] }>(
      `/cimi/eventLogs?${query}`,
    );
    expect((found.eventLogs ?? []).map(({ id }) => id.slice(10))).toEqual(expected);
    expect(found.count).toBe(count);
  });
});

describe('what goes wrong', () => {
  it.each([
    [`${EVENTS}?$filter=outcome=`, 400, 'column 9'],
    [`${EVENTS}?$filter=outcom='x'`, 400, 'did you mean outcome'],
    [`${EVENTS}?$filter=timestamp='soon'`, 400, 'timestamp is a time'],
    [`${EVENTS}?$filter=timestamp=5`, 400, 'timestamp is a time'],
    [`${EVENTS}?$filter=name<'x'`, 400, 'only = and !='],
    [`${EVENTS}?$filter=content/action='x'`, 400, 'content/action is inside'],
    [`${EVENTS}?$filter=text~'x'`, 400, 'words'],
    [`${EVENTS}?$filter=id^='x'`, 400, 'whole'],
    [`${EVENTS}?$orderby=content`, 400, 'timestamp, created'],
    [`${EVENTS}?$orderby=timestamp:down`, 400, ':asc or :desc'],
    [`${EVENTS}?$first=x`, 400, '$first'],
    ['/cimi?$format=yaml', 400, 'json or xml'],
    ['/cimi/eventLogs?$orderby=summary', 400, 'id, name'],
    ['/cimi/eventLogs/source-cloud-9', 404, 'no such resource'],
    ['/cimi/eventLogs/tenant-c/events', 404, 'no such resource'],
    ['/cimi/eventLogs/cloud-1', 404, 'no such resource'],
    ['/cimi/events/cloud-1', 404, 'no such resource'],
    ['/cimi/events/cloud-2:event-0', 404, 'no such resource'],
    ['/cimi/machines', 404, 'no such resource'],
  ])('%s is a failed Job of status %d', async (url, status, words) => {
    const answer = await ask(url);
    expect(answer.status).toBe(status);
    const job = JSON.parse(answer.text) as Job;
    expect(job).toMatchObject({
      resourceURI: 'http://schemas.dmtf.org/cimi/2/Job',
      id: '',
      state: 'FAILED',
      returnCode: 10_000 + status,
      targetResource: { href: url === '/cimi?$format=yaml' ? 'cloudEntryPoint' : url.slice(6).split('?')[0] },
    });
    expect(job.statusMessage).toContain(words);
  }); // prettier-ignore

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'] as const)(
    '%s is no method of any resource',
    async (method) => {
      for (const url of ['/cimi', '/cimi/', '/cimi/eventLogs', EVENTS, `/cimi/${all[0]?.id}`]) {
        const answer = await cimi.app.inject({ method, url, headers: { authorization: 'Bearer root' } });
        expect(answer.statusCode).toBe(405);
        expect(answer.headers['allow']).toBe('GET, HEAD');
        expect(answer.json<Job>()).toMatchObject({ state: 'FAILED', name: 'METHOD_NOT_ALLOWED' });
      }
      expect((await cimi.app.inject({ method, url: '/cimi/machines' })).statusCode).toBe(404);
    },
  );

  it('is told with the headers it has elsewhere', async () => {
    const none = await cimi.app.inject('/cimi');
    expect(none.statusCode).toBe(401);
    expect(none.headers['www-authenticate']).toContain('Bearer');
    expect(none.json<Job>().name).toBe('UNAUTHENTICATED');
    const wrong = await ask('/cimi', {}, 'submitter');
    expect([wrong.status, (JSON.parse(wrong.text) as Job).name]).toEqual([403, 'FORBIDDEN_ROLE']);
  });

  it('is never more than a refusal, whatever is asked', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        "outcome='Failure'", 'timestamp', 'created', 'id', "'", '(', ')', 'and', 'or', 'not', 'in', '=', '<', '%',
        '2026-10-01', 'null', 'events/', 'events/a:%', 'exists', ',', ':', '*', 'property', "['k']", 'type', 'name',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ); // prettier-ignore
    const text = fc
      .array(word, { maxLength: 6 })
      .map((words) => encodeURIComponent(words.join(' ').toWellFormed()));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(EVENTS, '/cimi', '/cimi/eventLogs', '/cimi/resourceMetadata', '/cimi/events/'),
        fc.constantFrom('$filter', '$orderby', '$select', '$expand', '$format', '$first', '$last'),
        text,
        async (path, name, value) => {
          const url = path.endsWith('/') ? path + value : `${path}?${name}=${value}`;
          const { status, text: answer } = await ask(url);
          expect([200, 400, 404], `${url}: ${answer}`).toContain(status);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('is no matter of parameters it does not know', async () => {
    expect(await page('$last=3&$unheard=1&x=2')).toEqual(await page('$last=3'));
  });
});
