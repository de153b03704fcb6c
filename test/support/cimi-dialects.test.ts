/** That the simulated cloud speaks as real servers do, deceives as bad ones do, and serves selections. */
import { expect, onTestFinished, test } from 'vitest';
import { startCimiProvider } from './cimi-provider.ts';
import type { CimiProvider, CimiProviderOptions } from './cimi-provider.ts';

async function start(options: CimiProviderOptions): Promise<CimiProvider> {
  const provider = await startCimiProvider(options);
  onTestFinished(() => provider.close());
  return provider;
}

/** A cloud in which a machine was made and could not be started. */
async function lived(options: CimiProviderOptions): Promise<CimiProvider> {
  const provider = await start(options);
  await fetch(`${provider.baseUri}machines`, {
    method: 'POST',
    body: '{"name":"web","cpu":2,"memory":99999999}',
  });
  provider.advance(2);
  await fetch(`${provider.baseUri}machines/1`, { method: 'POST', body: '{"action":"start"}' });
  provider.advance(2);
  return provider;
}

async function json(provider: CimiProvider, path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(provider.baseUri + path)).json()) as Record<string, unknown>;
}

async function xml(provider: CimiProvider, path: string): Promise<string> {
  return (await fetch(provider.baseUri + path, { headers: { accept: 'application/xml' } })).text();
}

async function first(provider: CimiProvider, path: string, key: string): Promise<unknown> {
  return ((await json(provider, path))[key] as readonly unknown[])[0];
}

test('Deltacloud: no jobs, ctime, numbers as texts, the type on each root, errors of its own', async () => {
  const provider = await lived({ dialect: 'deltacloud' });
  expect(provider.url).toMatch(/\/cimi\/cloudEntryPoint$/);
  expect(await (await fetch(provider.url)).json()).not.toHaveProperty('jobs');
  expect(await json(provider, 'machines/1')).toMatchObject({
    cpu: '2',
    created: 'Mon Jun 01 00:00:01 UTC 2026',
    operations: expect.arrayContaining([
      { rel: 'http://schemas.dmtf.org/cimi/1/action/delete', href: 'machines/1' },
    ]),
  });
  expect(await xml(provider, 'machines/1')).toContain(
    '<Machine xmlns="http://schemas.dmtf.org/cimi/1" resourceURI="http://schemas.dmtf.org/cimi/1/Machine">',
  );
  expect(await xml(provider, 'jobs')).toMatch(/^<error status="404"><backend/);
});

test('osaddon: entries with references inside, a namespace that ends in a slash, padded texts, careless paths', async () => {
  const provider = await lived({ dialect: 'osaddon' });
  expect(await json(provider, 'machine')).toEqual({
    resourceURI: 'http://schemas.dmtf.org/cimi/1/MachineCollection',
    id: 'machine',
    count: 1,
    entries: [
      {
        resourceURI: 'http://schemas.dmtf.org/cimi/1/MachineCollectionEntry',
        machine: { href: 'Machine//1' },
      },
    ],
  });
  expect(await json(provider, 'Machine//1')).toMatchObject({ id: 'machine/1', state: 'ERROR' });
  const text = await xml(provider, 'machine/1');
  expect(text).toContain('<Machine xmlns="http://schemas.dmtf.org/cimi/1/">');
  expect(text).toContain('<state>\n  ERROR\n</state>');
  expect(await xml(provider, 'machine')).toContain(
    'CollectionEntry"><machine href="Machine//1"></machine></Entry>',
  );
  expect(await (await fetch(`${provider.baseUri}jobs/1`)).text()).toBe('There is no jobs/1');
});

test('Sirocco: items are references alone, an href on each resource, bare words and capitals', async () => {
  const provider = await lived({ dialect: 'sirocco', capabilities: ['ExpandParameter'] });
  expect(await first(provider, 'jobs', 'jobs')).toEqual({ href: 'jobs/1' });
  expect(await first(provider, 'jobs?$expand=jobs', 'jobs')).toMatchObject({ href: 'jobs/1', action: 'add' });
  expect(await xml(provider, 'jobs')).toContain('<Job href="jobs/1"></Job>');
  expect(await json(provider, 'eventLogs/cloud/events/1')).toMatchObject({
    href: 'eventLogs/cloud/events/1',
    outcome: 'SUCCESS',
    severity: 'LOW',
  });
});

test('StratusLab: paths with a capital, references as texts, short types, all events in one collection', async () => {
  const provider = await lived({ dialect: 'stratuslab' });
  expect(await json(provider, '')).toMatchObject({ events: { href: 'Event' }, jobs: { href: 'Job' } });
  expect(await json(provider, 'Job/2')).toMatchObject({
    id: 'Job/2',
    action: 'http://schemas.dmtf.org/cimi/1/Action/start',
    targetResource: 'Machine/1',
    affectedResources: ['Machine/1'],
  });
  expect(await json(provider, 'Event/1')).toMatchObject({
    type: 'model',
    content: { resource: 'Machine/1' },
  });
  expect(
    (await fetch(provider.baseUri, { headers: { accept: 'application/xml' } })).headers.get('content-type'),
  ).toMatch('json');
});

test('SlipStream: its own root, events of a resource and a state, jobs with what they took', async () => {
  const provider = await lived({ dialect: 'slipstream' });
  expect(await json(provider, '')).toMatchObject({
    resourceURI: 'http://schemas.dmtf.org/cimi/2/CloudEntryPoint',
    events: { href: 'event' },
  });
  const jobs = (await json(provider, 'job'))['jobs'] as readonly Record<string, unknown>[];
  expect(jobs[0]).toMatchObject({ id: 'job/1', action: 'add', duration: 4 });
  expect(jobs[0]).not.toHaveProperty('timeOfStatusChange');
  expect(jobs[1]).toMatchObject({ state: 'FAILED', timeOfStatusChange: expect.any(String) });
  expect(await json(provider, 'event/1')).toEqual({
    resourceURI: 'http://sixsq.com/slipstream/1/Event',
    id: 'event/1',
    created: expect.any(String),
    timestamp: expect.any(String),
    type: 'action',
    severity: 'low',
    content: { resource: { href: 'machines/1' }, state: 'create' },
  });
});

test('Nuvla: kebab-case, collections in a member of their own, categories and who it was', async () => {
  const provider = await lived({ dialect: 'nuvla' });
  expect(await json(provider, '')).toMatchObject({
    'resource-type': 'cloud-entry-point',
    'base-uri': provider.baseUri,
    collections: { job: { href: 'job' }, event: { href: 'event' } },
  });
  expect(await first(provider, 'job', 'resources')).toMatchObject({
    id: 'job/1',
    'target-resource': 'machines',
    'return-code': 0,
  });
  expect(await json(provider, 'event/2')).toMatchObject({
    'resource-type': 'event',
    category: 'action',
    name: 'machines.POST',
    success: true,
    'authn-info': { 'user-id': 'anonymous' },
  });
});

test('A vendor’s namespace is the root of all its names', async () => {
  const provider = await lived({ dialect: 'vendor' });
  expect(await json(provider, 'jobs/2')).toMatchObject({
    resourceURI: 'http://schemas.vendor.example/cloud/1/Job',
    action: 'http://schemas.vendor.example/cloud/1/action/start',
  });
  expect(await xml(provider, 'jobs/2')).toContain('<Job xmlns="http://schemas.vendor.example/cloud/1">');
});

test('A selection has the attributes that are named, where it is advertised', async () => {
  const provider = await start({ capabilities: ['SelectParameter'] });
  provider.put('Job', 'jobs/1', { state: 'RUNNING', action: 'add' });
  const found = await first(provider, 'jobs?$select=state', 'jobs');
  expect(found).toEqual({ id: 'jobs/1', state: 'RUNNING' });
});

for (const [misdeed, pages, count] of [
  ['counts-more', [['1', '2'], ['3', '4'], []], 14],
  ['counts-less', [['1', '2'], ['3', '4'], []], 2],
  ['repeats', [['1', '2'], ['2', '3'], ['4']], 4],
  ['shuffles', [['2', '3'], ['2', '3'], []], 4],
  [
    'endless',
    [
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ],
    1_000_000,
  ],
] as const)
  test(`A collection deceives: ${misdeed}`, async () => {
    const provider = await start({ capabilities: ['FirstParameter'] });
    for (const job of [1, 2, 3, 4]) provider.put('Job', `jobs/${job}`, { state: 'RUNNING' });
    provider.deceive('jobs', misdeed);
    for (const [index, wanted] of pages.entries()) {
      const page = await json(provider, `jobs?$first=${2 * index + 1}&$last=${2 * index + 2}`);
      const listed = (page['jobs'] ?? []) as readonly { readonly id: string }[];
      expect(listed.map(({ id }) => id.slice('jobs/'.length))).toEqual(wanted);
      expect(page['count']).toBe(count);
    }
  });

test('A slow answer comes as always', async () => {
  const provider = await start({});
  provider.fail('', { kind: 'slow', delayMs: 10 }, 1);
  expect(await json(provider, '')).toMatchObject({ baseURI: provider.baseUri });
});
