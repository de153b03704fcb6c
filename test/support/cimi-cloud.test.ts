/** That the simulated cloud lives as the standard has it: operations become jobs, states, events. */
import { expect, onTestFinished, test } from 'vitest';
import { startCimiProvider } from './cimi-provider.ts';
import type { CimiProvider, CimiProviderOptions } from './cimi-provider.ts';

async function start(options: CimiProviderOptions = {}): Promise<CimiProvider> {
  const provider = await startCimiProvider(options);
  onTestFinished(() => provider.close());
  return provider;
}

interface Answer {
  readonly status: number;
  readonly job: string;
  readonly location: string | null;
  readonly body: Read;
}

interface Read {
  readonly id: string;
  readonly state: string;
  readonly statusMessage?: string;
  readonly progress?: number;
  readonly nestedJobs?: readonly { readonly href: string }[];
  readonly affectedResources?: readonly { readonly href: string }[];
  readonly operations?: readonly { readonly rel: string }[];
}

async function ask(provider: CimiProvider, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(provider.url + path, {
    method,
    headers: { authorization: `Basic ${Buffer.from('ada:pw').toString('base64')}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const job = response.headers.get('cimi-job-uri') ?? '';
  const location = response.headers.get('location');
  return { status: response.status, job, location, body: (await response.json()) as Read };
}

async function read(provider: CimiProvider, path: string): Promise<Read> {
  return (await (await fetch(new URL(path, provider.url))).json()) as Read;
}

async function eventsOf(provider: CimiProvider): Promise<string[]> {
  const answer = await fetch(`${provider.url}eventLogs/cloud/events`);
  const { events } = (await answer.json()) as {
    events: { type: string; outcome: string; content: Record<string, unknown> }[];
  };
  return events.map(({ type, outcome, content }) =>
    [
      type.slice(type.lastIndexOf('/') + 1),
      outcome,
      content['operation'] ?? content['change'] ?? content['state'] ?? content['code'],
    ].join(' '),
  );
}

const start1 = { action: 'http://schemas.dmtf.org/cimi/2/action/start' };

test('A machine is made, started, snapshot and deleted, each by a job that is queued, runs and succeeds', async () => {
  const provider = await start();
  const added = await ask(provider, 'POST', 'machines', { name: 'web', machineTemplate: { memory: 1024 } });
  expect(added).toMatchObject({ status: 202, body: { state: 'QUEUED', progress: 0 } });
  expect((await read(provider, 'machines/1')).state).toBe('CREATING');
  provider.advance();
  expect((await read(provider, added.job)).state).toBe('RUNNING');
  provider.advance();
  expect(await read(provider, added.job)).toMatchObject({
    state: 'SUCCESS',
    progress: 100,
    affectedResources: [{ href: 'machines' }, { href: 'machines/1' }],
  });
  expect(await read(provider, added.location ?? '')).toMatchObject({
    name: 'web',
    state: 'STOPPED',
    memory: 1024,
  });
  expect((await ask(provider, 'POST', 'machines/1', start1)).status).toBe(202);
  provider.advance(2);
  const { state, operations = [] } = await read(provider, 'machines/1');
  expect(state).toBe('STARTED');
  expect(operations.map(({ rel }) => rel)).toContain('http://schemas.dmtf.org/cimi/2/action/stop');
  expect(operations.map(({ rel }) => rel)).not.toContain('http://schemas.dmtf.org/cimi/2/action/start');
  await ask(provider, 'POST', 'machines/1', { action: 'http://schemas.dmtf.org/cimi/2/action/snapshot' });
  provider.advance(2);
  expect(await read(provider, 'machineImages/1')).toMatchObject({ type: 'SNAPSHOT', state: 'AVAILABLE' });
  await ask(provider, 'DELETE', 'machines/1');
  provider.advance(2);
  expect((await fetch(`${provider.url}machines/1`)).status).toBe(404);
  expect(await eventsOf(provider)).toEqual([
    'model Success create',
    'access Success POST',
    'state Status STOPPED',
    'access Success start',
    'state Status STARTING',
    'state Status STARTED',
    'access Success snapshot',
    'state Status CAPTURING',
    'state Status STARTED',
    'model Success create',
    'access Success DELETE',
    'state Status DELETING',
    'model Success delete',
  ]);
});

test('A request that cannot be is answered with a failed job that has no id, and logged', async () => {
  const provider = await start();
  await ask(provider, 'POST', 'machines', { name: 'web' });
  expect(await ask(provider, 'POST', 'machines/1', start1)).toMatchObject({
    status: 409,
    job: '',
    body: { id: '', state: 'FAILED', statusMessage: 'machines/1 takes no start as it is: CREATING' },
  });
  expect((await ask(provider, 'POST', 'nowhere', {})).status).toBe(404);
  expect((await eventsOf(provider)).filter((line) => line.includes('Failure'))).toHaveLength(2);
});

test('A machine too large fails to start, as does what a test orders to fail: an error, an alarm', async () => {
  const provider = await start();
  await ask(provider, 'POST', 'machines', { machineTemplate: { memory: 100_000_000 } });
  provider.advance(2);
  const { job } = await ask(provider, 'POST', 'machines/1', start1);
  provider.advance(2);
  expect(await read(provider, job)).toMatchObject({
    state: 'FAILED',
    progress: 100,
    statusMessage: 'No host has 100000000 KiB of memory for the machine',
  });
  expect((await read(provider, 'machines/1')).state).toBe('ERROR');
  expect((await eventsOf(provider)).at(-1)).toBe('alarm Failure start-failed');
  provider.failNext('add', 'The disk is full');
  const second = await ask(provider, 'POST', 'volumes', {});
  provider.advance(2);
  expect(await read(provider, second.job)).toMatchObject({
    state: 'FAILED',
    statusMessage: 'The disk is full',
  });
});

test('A job is stopped while it is open, and only then', async () => {
  const provider = await start();
  const { job } = await ask(provider, 'POST', 'machines', {});
  provider.advance();
  const path = job.slice(provider.url.length);
  const stop = { action: 'http://schemas.dmtf.org/cimi/2/action/stop' };
  expect((await ask(provider, 'POST', path, stop)).status).toBe(202);
  expect((await read(provider, job)).state).toBe('STOPPING');
  provider.advance();
  expect((await read(provider, job)).state).toBe('STOPPED');
  expect((await ask(provider, 'POST', path, stop)).status).toBe(409);
});

test('A package is imported by a job with nested ones; the system is started and exported as a whole', async () => {
  const provider = await start();
  const { job, location } = await ask(provider, 'POST', 'systems', {
    action: 'http://schemas.dmtf.org/cimi/2/action/import',
    source: 'https://packages.example/shop.ova',
  });
  provider.advance(4);
  const done = await read(provider, job);
  expect(done).toMatchObject({ state: 'SUCCESS' });
  expect(done.nestedJobs).toHaveLength(4);
  expect(done.affectedResources?.map(({ href }) => href)).toEqual([
    'systems',
    'systems/1',
    'machines/1',
    'machines/2',
    'volumes/1',
    'networks/1',
  ]);
  expect(await read(provider, location ?? '')).toMatchObject({ name: 'shop', state: 'STOPPED' });
  await ask(provider, 'POST', 'systems/1', start1);
  provider.advance(4);
  expect((await read(provider, 'machines/2')).state).toBe('STARTED');
  const exported = await ask(provider, 'POST', 'systems/1', {
    action: 'http://schemas.dmtf.org/cimi/2/action/export',
  });
  expect(exported.location).toBe(`${provider.url}packages/systems/1.ova`);
});

test('A parent fails when a nested job does', async () => {
  const provider = await start();
  const { job } = await ask(provider, 'POST', 'systems', { action: 'x/action/import', source: 'a.ova' });
  provider.failNext('add', 'No room');
  provider.advance(4);
  expect(await read(provider, job)).toMatchObject({ state: 'FAILED', statusMessage: 'A nested job failed' });
});

test('An edit is done at once, by a job that is over', async () => {
  const provider = await start();
  await ask(provider, 'POST', 'machines', { name: 'a' });
  const edited = await ask(provider, 'PUT', 'machines/1', { name: 'b' });
  expect(edited).toMatchObject({ status: 200, body: { state: 'SUCCESS', action: 'edit' } });
  expect(await read(provider, 'machines/1')).toMatchObject({ name: 'b' });
});

test('Requests in XML are taken too', async () => {
  const provider = await start({ format: 'xml', version: '1' });
  const answer = await fetch(`${provider.url}machines`, {
    method: 'POST',
    body: '<MachineCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>web</name></MachineCreate>',
  });
  expect([answer.status, await answer.text()]).toEqual([
    202,
    expect.stringContaining('<state>QUEUED</state>'),
  ]);
  expect(await (await fetch(`${provider.url}machines/1`)).text()).toContain('<name>web</name>');
});

test('A log forgets what its persistence lets it, and its summary with it; ids do not come again', async () => {
  const provider = await start();
  for (const day of [1, 2, 3])
    provider.addEvent('eventLogs/1', { timestamp: `2026-01-0${day}T00:00:00Z`, severity: 'low' });
  expect(provider.purge('eventLogs/1', new Date('2026-01-03T00:00:00Z'))).toBe(2);
  expect(await read(provider, 'eventLogs/1')).toMatchObject({ summary: { low: 1 } });
  expect(provider.addEvent('eventLogs/1', { timestamp: '2026-01-04T00:00:00Z' })).toBe(
    'eventLogs/1/events/4',
  );
});

test('An event of CADF is the content of one of the cloud’s', async () => {
  const provider = await start();
  const typeURI = 'http://schemas.dmtf.org/cloud/audit/1.0/event';
  provider.audit({ typeURI, id: 'one', eventTime: '2026-01-01T00:00:00.000Z' });
  const answer = await fetch(`${provider.url}eventLogs/cloud/events`);
  expect(await answer.json()).toMatchObject({
    events: [
      {
        timestamp: '2026-01-01T00:00:00.000Z',
        type: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
        content: { id: 'one' },
      },
    ],
  });
  const xml = await fetch(`${provider.url}eventLogs/cloud/events`, {
    headers: { accept: 'application/xml' },
  });
  expect(await xml.text()).toContain('<content><cadf:event ');
});
