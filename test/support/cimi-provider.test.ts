/** That the simulated cloud speaks as the standard has it; what reads from it is tested against it. */
import { expect, onTestFinished, test } from 'vitest';
import { startCimiProvider } from './cimi-provider.ts';
import type { CimiProvider, CimiProviderOptions } from './cimi-provider.ts';

async function start(options: CimiProviderOptions = {}): Promise<CimiProvider> {
  const provider = await startCimiProvider(options);
  onTestFinished(() => provider.close());
  return provider;
}

async function read(provider: CimiProvider, path: string, accept = 'application/json'): Promise<string> {
  const answer = await fetch(provider.url + path, { headers: { accept } });
  return answer.text();
}

test('The entry point names its collections, relative to baseURI', async () => {
  const provider = await start();
  expect(JSON.parse(await read(provider, ''))).toMatchObject({
    resourceURI: 'http://schemas.dmtf.org/cimi/2/CloudEntryPoint',
    baseURI: provider.url,
    jobs: { href: 'jobs' },
    eventLogs: { href: 'eventLogs' },
  });
});

test('Lists of XML are bare in version 1 and wrapped in version 2; references are bare in both', async () => {
  for (const version of ['1', '2'] as const) {
    const provider = await start({ version });
    provider.put('Job', 'jobs/1', {
      state: 'RUNNING',
      nestedJobs: [{ href: 'jobs/2' }],
      operations: [{ rel: 'edit', href: 'jobs/1' }],
    });
    const text = await read(provider, 'jobs/1', 'application/xml');
    expect(text).toContain(`<Job xmlns="http://schemas.dmtf.org/cimi/${version}"><id>jobs/1</id>`);
    expect(text).toContain('<state>RUNNING</state><nestedJob href="jobs/2"></nestedJob>');
    expect(
      text.includes('<operations><operation href="jobs/1"><rel>edit</rel></operation></operations>'),
    ).toBe(version === '2');
    expect((await read(provider, 'jobs', 'application/xml')).includes('<jobs><Job>')).toBe(version === '2');
  }
});

test('XML names one capability in the singular', async () => {
  const provider = await start({ version: '1', capabilities: ['FirstParameter'] });
  expect(await read(provider, 'resourceMetadata/cloudEntryPoint', 'application/xml')).toContain(
    '<name>CloudEntryPoint</name><capability><name>FirstParameter</name>',
  );
});

test('A test moves a job through its states, and takes it away', async () => {
  const provider = await start();
  provider.put('Job', 'jobs/1', { state: 'QUEUED' });
  provider.change('jobs/1', { state: 'SUCCESS' });
  expect(JSON.parse(await read(provider, 'jobs'))).toMatchObject({ count: 1, jobs: [{ state: 'SUCCESS' }] });
  provider.remove('jobs/1');
  expect(JSON.parse(await read(provider, 'jobs'))).not.toHaveProperty('jobs');
});

test('A log counts its events by severity, a meter lists its samples', async () => {
  const provider = await start();
  provider.addEvent('eventLogs/1', { timestamp: '2026-01-01T00:00:00Z', severity: 'high' });
  provider.addEvent('eventLogs/1', { timestamp: '2026-01-01T00:00:01Z' });
  provider.addSample('meters/1', { timestamp: '2026-01-01T00:00:00Z', value: '12' });
  expect(JSON.parse(await read(provider, 'eventLogs/1'))).toMatchObject({
    events: { href: 'eventLogs/1/events' },
    summary: { low: 0, medium: 0, high: 1, critical: 0 },
  });
  expect(JSON.parse(await read(provider, 'eventLogs/1/events'))).toMatchObject({ count: 2 });
  expect(JSON.parse(await read(provider, 'meters/1/samples'))).toMatchObject({ samples: [{ value: '12' }] });
});

test('Only parameters that are advertised change an answer', async () => {
  const query =
    'jobs?$filter=timeOfStatusChange>=2026-01-02T00:00:00Z&$orderby=timeOfStatusChange:desc&$last=1';
  const counts: unknown[] = [];
  for (const capabilities of [[], ['FilterParameter', 'OrderByParameter', 'FirstParameter']]) {
    const provider = await start({ capabilities });
    for (const day of [1, 2, 3])
      provider.put('Job', `jobs/${day}`, { timeOfStatusChange: `2026-01-0${day}T00:00:00Z` });
    const { count, jobs } = JSON.parse(await read(provider, query)) as {
      count: number;
      jobs: { id: string }[];
    };
    counts.push([count, jobs.map(({ id }) => id)]);
  }
  expect(counts).toEqual([
    [3, ['jobs/1', 'jobs/2', 'jobs/3']],
    [2, ['jobs/3']],
  ]);
});

test('Faults come when they are ordered, as often as they are', async () => {
  const provider = await start();
  provider.fail('jobs', { kind: 'status', status: 503, retryAfter: '7' }, 1);
  const answer = await fetch(`${provider.url}jobs`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
  expect((await fetch(`${provider.url}jobs`)).status).toBe(200);
});

test('Who does not show the authorization is not let in', async () => {
  const provider = await start({ authorization: 'Bearer right' });
  expect((await fetch(provider.url)).status).toBe(401);
  expect((await fetch(provider.url, { headers: { authorization: 'Bearer right' } })).status).toBe(200);
});
