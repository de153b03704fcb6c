import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isValid, validateEvent } from '@cadf-pipeline/cadf-model';
import { MAX_SAVED_BY_ONE } from '@cadf-pipeline/control-state';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { LmdbStream } from '@cadf-pipeline/event-stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSavedQueryApps } from './saved-query-app.test-support.ts';
import type { Call, Reply, SavedQueryApps } from './saved-query-app.test-support.ts';

const path = mkdtempSync(join(tmpdir(), 'saved-stream-'));
let stream: LmdbStream;
let apps: SavedQueryApps;
let call: Call;

beforeAll(async () => {
  stream = createLmdbStream({
    path,
    maxBytes: 64 * 1024 * 1024,
    tombstoneRetentionMs: 0,
    sweepIntervalMs: 0,
  });
  const of = (...tenants: string[]) => ({ tenants });
  apps = await startSavedQueryApps([stream, stream], {
    ada: of('a'),
    colleague: of('a'),
    stranger: of('b'),
    wide: of('a', 'b'),
    nobody: of(),
    nobodyElse: of(),
    provider: {},
    many: of('a'),
    adminA: { ...of('a'), roles: new Set(['admin']) },
    adminB: { ...of('b'), roles: new Set(['admin']) },
    submitter: { ...of('a'), roles: new Set(['submit']) },
    // A user of Keystone whose id is that of a key, and the key after it was given other tenants.
    namesake: { ...of('a'), kind: 'keystone', id: 'ada' },
    moved: { ...of('b'), id: 'ada' },
  });
  ({ call } = apps);
});

afterAll(async () => {
  await apps.close();
  await stream.close();
  rmSync(path, { recursive: true, force: true });
});

/** For what happens beside a request, on a machine that is busy. */
const WAIT = { timeout: 20_000, interval: 50 };
const SIMPLE = { name: 'Failures', filter: "outcome = 'failure'", sharing: 'private' };
const BY_NAME = {
  name: 'By name',
  filter: 'initiator/name = :who and eventTime >= :since',
  parameters: [
    { name: 'who', type: 'text' },
    { name: 'since', type: 'time', default: '2026-11-01' },
  ],
  order: 'asc',
  sharing: 'tenant',
};

async function save(token: string, query: object): Promise<string> {
  const made = await call(token, 'POST saved-queries', query);
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return String(made.body['id']);
}

function idsOf({ body, verdict }: Reply): string {
  const events = body['events'] as { id: string }[] | undefined;
  return events === undefined ? verdict : events.map(({ id }) => id).join(' ');
}

describe('a saved query', () => {
  test('is made, read, listed, changed and deleted by its owner', async () => {
    const made = await call('ada', 'POST saved-queries', BY_NAME);
    const { id } = made.body;
    expect(made.headers['location']).toBe(`/cadf/v1/saved-queries/${String(id)}`);
    expect(made.body).toEqual({
      id,
      ...BY_NAME,
      owner: { kind: 'key', id: 'ada', name: 'ada' },
      mine: true,
      created: expect.any(String),
      changed: expect.any(String),
      version: expect.any(Number),
    });
    const read = await call('ada', `GET saved-queries/${String(id)}`);
    expect(read.body).toEqual(made.body);
    expect(read.headers['etag']).toBe(`"${String(made.body['version'])}"`);
    const listed = await call('ada', 'GET saved-queries?limit=1000');
    expect(listed.body['items']).toContainEqual(made.body);

    const etag = { 'if-match': String(read.headers['etag']) };
    const changed = await call('ada', `PUT saved-queries/${String(id)}`, SIMPLE, etag);
    expect(changed.body).toMatchObject({ ...SIMPLE, created: made.body['created'] });
    expect(changed.body).not.toHaveProperty('parameters');
    expect((await call('ada', `PUT saved-queries/${String(id)}`, SIMPLE, etag)).verdict).toBe(
      '412 CONTROL_VERSION',
    );
    expect((await call('ada', `DELETE saved-queries/${String(id)}`, undefined, etag)).verdict).toBe(
      '412 CONTROL_VERSION',
    );
    expect((await call('ada', `DELETE saved-queries/${String(id)}`)).verdict).toBe('204');
    expect((await call('ada', `GET saved-queries/${String(id)}`)).verdict).toBe('404 QUERY_SAVED_NOT_FOUND');
  });

  test('is found by its owner alone while it is private, and by who reaches its tenants once it is shared', async () => {
    const id = await save('ada', SIMPLE);
    const found = async (): Promise<string[]> => {
      const finders: string[] = [];
      for (const token of [
        'ada',
        'colleague',
        'stranger',
        'wide',
        'nobody',
        'provider',
        'adminA',
        'adminB',
        'namesake',
        'moved',
      ]) {
        const read = await call(token, `GET saved-queries/${id}`);
        const listed = (await call(token, 'GET saved-queries?limit=1000')).text.includes(id);
        const run = token.startsWith('admin')
          ? undefined
          : (await call(token, `GET count?saved=${id}`)).status;
        expect([read.status, run ?? read.status]).toEqual(listed ? [200, 200] : [404, 404]);
        if (listed) finders.push(token);
      }
      return finders;
    };
    expect(await found()).toEqual(['ada', 'adminA']);
    await call('ada', `PUT saved-queries/${id}`, { ...SIMPLE, sharing: 'tenant' });
    expect(await found()).toEqual(['ada', 'colleague', 'wide', 'provider', 'adminA', 'namesake']);
    expect((await call('submitter', `GET saved-queries/${id}`)).verdict).toBe('403 FORBIDDEN_ROLE');
  });

  test('of who has no tenants is shared with no other that has none', async () => {
    const id = await save('nobody', { ...SIMPLE, sharing: 'tenant' });
    expect((await call('nobody', `GET saved-queries/${id}`)).verdict).toBe('200');
    expect((await call('nobodyElse', `GET saved-queries/${id}`)).verdict).toBe('404 QUERY_SAVED_NOT_FOUND');
    expect((await call('provider', `GET saved-queries/${id}`)).verdict).toBe('200');
  });

  test('of a user of Keystone is its own, and no key’s of the same id', async () => {
    const id = await save('namesake', SIMPLE);
    const read = await call('namesake', `GET saved-queries/${id}`);
    expect(read.body).toMatchObject({ mine: true, owner: { kind: 'keystone', id: 'ada' } });
    expect((await call('ada', `GET saved-queries/${id}`)).verdict).toBe('404 QUERY_SAVED_NOT_FOUND');
    expect((await call('namesake', `DELETE saved-queries/${id}`)).verdict).toBe('204');
  });

  test('is changed by its owner alone, and deleted by it or an admin of all its tenants', async () => {
    const id = await save('ada', { ...SIMPLE, sharing: 'tenant' });
    for (const [token, verdict] of [
      ['colleague', '403 QUERY_SAVED_NOT_YOURS'],
      ['wide', '403 QUERY_SAVED_NOT_YOURS'],
      ['stranger', '404 QUERY_SAVED_NOT_FOUND'],
      ['adminA', '403 FORBIDDEN_ROLE'],
    ] as const)
      expect([token, (await call(token, `PUT saved-queries/${id}`, SIMPLE)).verdict]).toEqual([
        token,
        verdict,
      ]);
    for (const [token, verdict] of [
      ['colleague', '403 QUERY_SAVED_NOT_YOURS'],
      ['stranger', '404 QUERY_SAVED_NOT_FOUND'],
      ['adminB', '404 QUERY_SAVED_NOT_FOUND'],
      ['adminA', '204'],
      ['ada', '404 QUERY_SAVED_NOT_FOUND'],
    ] as const)
      expect([token, (await call(token, `DELETE saved-queries/${id}`)).verdict]).toEqual([token, verdict]);
  });

  test('is known to other processes at once', async () => {
    const id = await save('ada', BY_NAME);
    await expect.poll(() => apps.other.get('query', id)?.entity.name, WAIT).toBe('By name');
    expect(idsOf(await apps.callOther('ada', `GET events?saved=${id}&param.who=bob`))).toBe('2');
    await apps.callOther('ada', `DELETE saved-queries/${id}`);
    await expect.poll(async () => (await call('ada', `GET saved-queries/${id}`)).status, WAIT).toBe(404);
  });

  test('leaves an audit event, without what a private one asks', async () => {
    const before = (await apps.audited()).length;
    const id = await save('ada', { ...SIMPLE, name: 'Secret plan', filter: "target/name = 'hidden'" });
    await call('ada', `PUT saved-queries/${id}`, { ...BY_NAME, name: 'Open plan' });
    await call('colleague', `DELETE saved-queries/${id}`);
    await call('ada', `DELETE saved-queries/${id}`);
    const own = (await apps.audited()).slice(before);
    expect(own.map(({ event, tenants }) => `${String(event['action'])} ${String(event['outcome'])} ${tenants}`)).toEqual([
      'create pending ', 'create success ',
      'update pending a', 'update success a',
      'delete failure ',
      'delete pending a', 'delete success a',
    ]); // prettier-ignore
    for (const { event } of own) expect(isValid(validateEvent(event, 'strict'))).toBe(true);
    expect(JSON.stringify(own)).not.toMatch(/Secret plan|hidden/);
    expect(JSON.stringify(own)).toContain('Open plan');
  });

  test('is refused with the place where it cannot be used, and nothing is recorded', async () => {
    const before = (await apps.audited()).length;
    const refused = async (query: object): Promise<string> => {
      const { body, verdict } = await call('ada', 'POST saved-queries', { ...SIMPLE, ...query });
      return `${verdict} ${String(body['detail']).split('\n')[0]}`;
    };
    const who = { name: 'who', type: 'text' };
    expect(await refused({ filter: "outcom = 'x'" })).toMatch(/^400 QUERY_FILTER_INVALID Column 1: /);
    expect(await refused({ filter: 'a = :who' })).toMatch(/^400 QUERY_FILTER_INVALID Column 5: there is no parameter who/);
    expect(await refused({ filter: 'eventTime > :who', parameters: [who] })).toMatch(/^400 QUERY_FILTER_INVALID Column 13: .*time/);
    expect(await refused({ parameters: [who] })).toBe('422 QUERY_SAVED_INVALID /parameters/0/name does not stand in the filter: :who');
    expect(await refused({ filter: 'a = :who', parameters: [who, who] })).toMatch(/^422 QUERY_SAVED_INVALID \/parameters\/1\/name is declared twice/);
    expect(await refused({ filter: 'a = :n', parameters: [{ name: 'n', type: 'number', default: 'x' }] })).toMatch(/^422 QUERY_SAVED_INVALID \/parameters\/0\/default is to be a number/);
    expect(await refused({ from: 'yesterday' })).toMatch(/^400 QUERY_TIME_INVALID/);
    expect(await refused({ fields: ['a b'] })).toMatch(/^400 QUERY_FIELDS_INVALID/);
    expect(await refused({ tenant: 'b' })).toMatch(/^403 FORBIDDEN_TENANT/);
    expect(await refused({ unknown: 1 })).toMatch(/^400 REQUEST_INVALID/);
    expect(await refused({ filter: `a = '${'x'.repeat(9000)}'` })).toMatch(/^400 REQUEST_INVALID/);
    const long = { type: 'text', list: true, default: Array.from({ length: 40 }, () => 'x'.repeat(1000)) };
    expect(await refused({ filter: 'a in :long', parameters: [{ name: 'long', ...long }] })).toMatch(/^422 QUERY_SAVED_INVALID It has 4\d{4} bytes/);
    expect((await apps.audited()).length).toBe(before);
  }); // prettier-ignore

  test(`is one of at most ${MAX_SAVED_BY_ONE} of an owner`, async () => {
    const made = await Promise.all(
      Array.from({ length: MAX_SAVED_BY_ONE + 5 }, () => call('many', 'POST saved-queries', SIMPLE)),
    );
    const verdicts = made.map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict === '201')).toHaveLength(MAX_SAVED_BY_ONE);
    expect(verdicts.filter((verdict) => verdict === '422 QUERY_TOO_MANY_SAVED')).toHaveLength(5);
    expect((await call('ada', 'POST saved-queries', SIMPLE)).verdict).toBe('201');
  });
});

describe('running one', () => {
  test('gives its parameters by the query string, and narrows it by what the request says', async () => {
    const id = await save('wide', BY_NAME);
    const run = async (more: string): Promise<string> =>
      idsOf(await call('wide', `GET events?saved=${id}${more}`));
    expect(await run('&param.who=ada')).toBe('1 3');
    expect(await run('&param.who=ada&order=desc')).toBe('3 1');
    expect(await run('&param.who=ada&param.since=2026-11-02T00:00:00Z')).toBe('3');
    expect(await run(`&param.who=ada&filter=${encodeURIComponent("outcome = 'failure' or id = '2'")}`)).toBe(
      '1',
    );
    expect(await run('&param.who=ada&to=2026-11-02T00:00:00Z')).toBe('1');
    expect(await run(`&param.who=${encodeURIComponent("o'neil")}`)).toBe('4');
    expect(await run(`&param.who=${encodeURIComponent("x' or outcome exists or id = 'x")}`)).toBe('');
  });

  test('keeps to the tenants of who runs it, not of who saved it', async () => {
    const id = await save('provider', { ...BY_NAME, sharing: 'tenant' });
    expect(idsOf(await call('wide', `GET events?saved=${id}&param.who=ada`))).toBe('404 QUERY_SAVED_NOT_FOUND');
    const shared = await save('ada', BY_NAME);
    const run = async (token: string): Promise<string> => idsOf(await call(token, `GET events?saved=${shared}&param.who=ada`));
    expect(await run('ada')).toBe('1');
    expect(await run('wide')).toBe('1 3');
    const ofB = await save('wide', { ...SIMPLE, tenant: 'b', sharing: 'private' });
    expect(idsOf(await call('wide', `GET events?saved=${ofB}`))).toBe('4');
    expect(idsOf(await call('wide', `GET events?saved=${ofB}&tenant=a&order=asc`))).toBe('1 4');
  }); // prettier-ignore

  test('works in bodies, counts, facets, timelines, trees and asynchronous queries alike', async () => {
    const filter = 'initiator/name in :who and action within :what';
    const parameters = [
      { name: 'who', type: 'text', list: true },
      { name: 'what', type: 'taxonomy', default: 'authenticate' },
    ];
    const id = await save('provider', { ...SIMPLE, filter, parameters, fields: ['id'], limit: 1, order: 'asc' });
    const asked = `saved=${id}&param.who=ada&param.who=bob`;
    const get = async (route: string): Promise<Record<string, unknown>> => (await call('provider', `GET ${route}`)).body;
    expect(await get(`count?${asked}`)).toEqual({ count: 2 });
    expect(await get(`facets?${asked}&field=outcome`)).toMatchObject({ total: 2 });
    expect(await get(`timeline?${asked}`)).toMatchObject({ total: 2 });
    expect(await get(`taxonomy/actions?${asked}&param.what=update`)).toMatchObject({ total: 1 });
    const body = { saved: id, parameters: { who: ['ada', 'bob'] } };
    const first = await call('provider', 'POST query', body);
    expect(first.body).toEqual({ events: [{ id: '1' }], cursor: expect.any(String) });
    expect(idsOf(await call('provider', 'POST query', { ...body, cursor: first.body['cursor'] }))).toBe('3');
    expect(idsOf(await call('provider', 'POST query', { ...body, limit: 10, parameters: { who: 'bob', what: 'update' } }))).toBe('2');
    const waited = await call('provider', `GET events?${asked}`, undefined, { prefer: 'wait=30' });
    expect(idsOf(waited)).toBe('1');
    const made = await call('provider', 'POST queries', { ...body, limit: 'all' });
    const location = String(made.headers['location']).slice('/cadf/v1/'.length);
    await expect.poll(async () => (await get(location))['status'], WAIT).toBe('done');
    expect(idsOf(await call('provider', `GET ${location}/result`))).toBe('1 3');
  }, 60_000); // prettier-ignore

  test('pages with its parameters in the link, and a cursor of other values is refused', async () => {
    const filter = 'initiator/name in :who';
    const id = await save('wide', { ...SIMPLE, filter, parameters: [{ name: 'who', type: 'text', list: true }], limit: 1 });
    const first = await call('wide', `GET events?saved=${id}&param.who=ada&param.who=${encodeURIComponent("o'neil")}`);
    expect(idsOf(first)).toBe('4');
    const next = String(first.body['next']).slice('/cadf/v1/'.length);
    const second = await call('wide', `GET ${next}`);
    expect(idsOf(second)).toBe('3');
    expect(idsOf(await call('wide', `GET ${next.replace('param.who=ada', 'param.who=bob')}`))).toBe('400 QUERY_CURSOR_INVALID');
    await call('wide', `PUT saved-queries/${id}`, { ...SIMPLE, filter: 'id exists' });
    expect(idsOf(await call('wide', `GET ${next.replaceAll(/&param.who=[^&]*/g, '')}`))).toBe('400 QUERY_CURSOR_INVALID');
  }); // prettier-ignore

  test.each([
    ['events?param.who=ada', '400 QUERY_SAVED_PARAMETER_INVALID', 'who is given, and no saved query'],
    ['events?saved=ID', '400 QUERY_SAVED_PARAMETER_INVALID', 'who has to be given'],
    ['count?saved=ID&param.who=a&param.what=b', '400 QUERY_SAVED_PARAMETER_INVALID', 'what is no parameter of the saved query: it has who, since'],
    ['facets?saved=ID&field=id&param.who=a&param.who=b', '400 QUERY_SAVED_PARAMETER_INVALID', 'who is one value'],
    ['timeline?saved=ID&param.who=a&param.since=soon', '400 QUERY_SAVED_PARAMETER_INVALID', 'since is to be a date'],
    ['count?saved=ID&param.who=a&param.__proto__=b', '400 QUERY_SAVED_PARAMETER_INVALID', '__proto__ is no parameter'],
    ['count?saved=ID&param.1=b', '400 REQUEST_INVALID', 'param.1'],
    ['count?saved=ID&parameters=b', '400 REQUEST_INVALID', 'parameters'],
    [`count?saved=ID&param.who=${'x'.repeat(1025)}`, '400 REQUEST_INVALID', 'param.who'],
    ['count?saved=nothing', '404 QUERY_SAVED_NOT_FOUND', ''],
    ['count?saved=__proto__', '404 QUERY_SAVED_NOT_FOUND', ''],
    [`events?filter=${encodeURIComponent('id = :who')}`, '400 QUERY_FILTER_INVALID', 'Column 6: there is no parameter who to stand here'],
  ])('%s is refused', async (route, verdict, detail) => {
    const id = await save('ada', BY_NAME);
    const answer = await call('ada', `GET ${route.replace('ID', id)}`);
    expect([answer.verdict, answer.text]).toEqual([verdict, expect.stringContaining(detail)]);
    expect((await call('ada', `DELETE saved-queries/${id}`)).status).toBe(204);
  }); // prettier-ignore

  test('finds what the filter with the literals finds, whatever the values', async () => {
    const id = await save('provider', {
      ...SIMPLE,
      filter: 'initiator/name = :who or initiator/host/address in cidr :nets',
      parameters: [
        { name: 'who', type: 'text' },
        { name: 'nets', type: 'cidr', list: true },
      ],
    });
    const hostile = ["o'neil", "' or id exists or name = '", ':who', '{filter_0: String}', '\\', '%', 'ada\u0000', '&filter=x', '😀'];
    const who = fc.oneof(fc.constantFrom('ada', 'bob', ...hostile), fc.string({ unit: 'grapheme', maxLength: 20 }));
    const nets = fc.array(fc.constantFrom('10.0.0.0/8', '192.0.2.1', '::/0', '10.0.0.2/31'), { minLength: 1, maxLength: 3 });
    const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
    // The engine answers each; that binding is parsing with literals is held for many more beside bindFilter.
    await fc.assert(
      fc.asyncProperty(who, nets, async (name, ranges) => {
        fc.pre(name.isWellFormed());
        const filter = `initiator/name = ${quote(name)} or initiator/host/address in cidr(${ranges.map(quote).join()})`;
        const link = new URLSearchParams({ saved: id, 'param.who': name });
        for (const range of ranges) link.append('param.nets', range);
        const [run, plain] = await Promise.all([
          call('provider', `GET events?${link}`),
          call('provider', 'POST query', { filter }),
        ]);
        expect([run.status, idsOf(run)]).toEqual([200, idsOf(plain)]);
      }),
      { numRuns: 6, examples: hostile.map((name) => [name, ['10.0.0.2/31']]) },
    );
  }); // prettier-ignore
});
