/** The collector over real sockets and a real stream: restarts, providers in trouble beside healthy ones, changes. */
import { Secret } from '@cadf-pipeline/service-kit';
import { StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { expect, test, vi } from 'vitest';
import type { CimiProvider } from '../../../../test/support/cimi-provider.ts';
import { COLLECTED_TOPIC, RECORDS_TOPIC } from '../topics.ts';
import { quickly, testCollection } from './collector.test-support.ts';
import type { TestCollection } from './collector.test-support.ts';

const WAIT = { timeout: 10_000, interval: 15 };
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

function putJob(cloud: CimiProvider, id: string, state: string, second: number): void {
  cloud.put('Job', id, { state, action: 'start', timeOfStatusChange: at(second) });
}

async function states(collection: TestCollection, source = 'a'): Promise<string[]> {
  const records = await collection.records(source);
  return records.map(
    ({ text, position = '' }) =>
      `${new URL(position).pathname.slice(6)} ${/"state":"(\w+)"/.exec(text)?.[1]}`,
  );
}

const isListing = (path: string): boolean => path === '/cimi/jobs' || path.startsWith('/cimi/jobs?');

async function polledAgain(cloud: CimiProvider, times = 2): Promise<void> {
  const listed = (): number => cloud.requests.filter(isListing).length;
  const before = listed();
  await vi.waitFor(() => expect(listed()).toBeGreaterThanOrEqual(before + times), WAIT);
}

test('a killed collector goes on where it was: nothing twice, and what was open is watched', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud({ capabilities: ['FilterParameter'] });
  putJob(cloud, 'jobs/1', 'RUNNING', 0);
  putJob(cloud, 'jobs/2', 'SUCCESS', 0);
  collection.register('a', quickly(cloud.url, { collect: ['jobs'] }));
  const first = collection.start();
  await polledAgain(cloud);
  await first.stop();
  putJob(cloud, 'jobs/1', 'FAILED', 60);
  const before = cloud.requests.length;
  collection.start();
  await polledAgain(cloud, 3);
  expect(await states(collection)).toEqual(['jobs/1 RUNNING', 'jobs/2 SUCCESS', 'jobs/1 FAILED']);
  const listings = cloud.requests.slice(before).filter(isListing);
  expect(listings[0]).toContain('$filter');
});

test('a job that ends between two polls is looked at by itself', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  putJob(cloud, 'jobs/1', 'RUNNING', 0);
  collection.register('a', quickly(cloud.url, { everySeconds: 600, collect: ['jobs'] }));
  collection.start();
  await vi.waitFor(async () => expect(await states(collection)).toEqual(['jobs/1 RUNNING']), WAIT);
  putJob(cloud, 'jobs/1', 'SUCCESS', 5);
  await vi.waitFor(
    async () => expect(await states(collection)).toEqual(['jobs/1 RUNNING', 'jobs/1 SUCCESS']),
    WAIT,
  );
  await vi.waitFor(async () => {
    const metrics = await collection.registry.metrics();
    expect(metrics).toContain('cadf_cimi_documents_total{source="a"} 2');
    expect(metrics).toContain('cadf_cimi_open_jobs{source="a"} 0');
    expect(metrics).toContain('cadf_cimi_polls_total{source="a",result="ok"} 1');
  }, WAIT);
});

test('each record says where it is from, and what its references are relative to', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  putJob(cloud, 'jobs/1', 'SUCCESS', 0);
  collection.register('a', quickly(cloud.url));
  collection.start();
  await vi.waitFor(async () => expect(await collection.records('a')).toHaveLength(1), WAIT);
  expect((await collection.records('a'))[0]).toMatchObject({
    position: `${cloud.url}jobs/1`,
    envelope: { baseUri: cloud.url },
  });
});

test('providers that are down, slow, endless or hostile are reported, and a healthy one beside them is collected', async () => {
  const collection = await testCollection();
  const healthy = await collection.cloud();
  putJob(healthy, 'jobs/1', 'SUCCESS', 0);
  const down = await collection.cloud();
  await down.close();
  const faulty: Readonly<Record<string, CimiProvider>> = {
    silent: await collection.cloud(),
    dripping: await collection.cloud(),
    redirecting: await collection.cloud(),
    huge: await collection.cloud(),
    entities: await collection.cloud(),
  };
  faulty['silent']?.fail('', { kind: 'silent' });
  faulty['dripping']?.fail('jobs', { kind: 'dripping' });
  faulty['redirecting']?.fail('', { kind: 'redirect', location: 'http://169.254.169.254/' });
  faulty['huge']?.fail('jobs', { kind: 'huge', bytes: 100_000_000 });
  const body = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>';
  faulty['entities']?.fail('', { kind: 'body', contentType: 'application/xml', body });
  for (const [id, { url }] of Object.entries(faulty)) collection.register(id, quickly(url));
  collection.register('down', quickly(down.url));
  collection.register('healthy', quickly(healthy.url), { tenants: ['t1'] });
  collection.start();
  await polledAgain(healthy, 3);
  expect(await states(collection, 'healthy')).toEqual(['jobs/1 SUCCESS']);
  await vi.waitFor(async () => {
    const told = (await collection.ownEvents()).map(
      ({ target, reason, outcome }) => `${target.id} ${reason.reasonCode} ${outcome}`,
    );
    expect(told.toSorted()).toEqual([
      'down CIMI_UNREACHABLE failure',
      'dripping CIMI_TIMEOUT failure',
      'entities CIMI_DOCUMENT failure',
      'huge CIMI_BODY_TOO_LARGE failure',
      'redirecting CIMI_OTHER_ORIGIN failure',
      'silent CIMI_TIMEOUT failure',
    ]);
  }, WAIT);
  expect(collection.polled.get('healthy')).toBe(undefined);
  expect(collection.polled.get('down')).toMatch(/^CIMI_UNREACHABLE: \/cimi\/ of http/);
});

test('providers that hang wait for each other only, however many they are', async () => {
  const collection = await testCollection();
  const [hanging, healthy] = [await collection.cloud(), await collection.cloud()];
  hanging.fail('', { kind: 'silent' });
  for (let source = 0; source < 24; source++) collection.register(`hanging-${source}`, quickly(hanging.url));
  collection.register('healthy', quickly(healthy.url));
  collection.start({ client: { timeoutMs: 1000, maxAttempts: 1 } });
  // All of them hang once; then it is known which ones do.
  await vi.waitFor(() => expect(hanging.requests.length).toBeGreaterThan(24), WAIT);
  const hung = hanging.requests.length;
  await polledAgain(healthy, 12);
  expect(hanging.requests.length - hung).toBeLessThan(24);
});

test('after a restart, those that hung before do not hold up the others', async () => {
  const collection = await testCollection();
  const [hanging, healthy] = [await collection.cloud(), await collection.cloud()];
  hanging.fail('', { kind: 'silent' });
  for (let source = 0; source < 24; source++) collection.register(`hanging-${source}`, quickly(hanging.url));
  const first = collection.start({ client: { timeoutMs: 100, maxAttempts: 1 } });
  await vi.waitFor(async () => expect(await collection.ownEvents()).toHaveLength(24), WAIT);
  await first.stop();
  collection.register('healthy', quickly(healthy.url));
  const hung = hanging.requests.length;
  collection.start({ client: { timeoutMs: 5000, maxAttempts: 1 } });
  await polledAgain(healthy, 1);
  expect(hanging.requests.length - hung).toBeLessThan(16);
});

test('trouble is told when it begins and when it is over, once each, also across a restart', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  collection.register('a', quickly(cloud.url), { tenants: ['t1'] });
  cloud.fail('', { kind: 'status', status: 403 });
  const first = collection.start();
  await vi.waitFor(async () => expect(await collection.ownEvents()).toHaveLength(1), WAIT);
  await first.stop();
  const second = collection.start();
  const asked = cloud.requests.length;
  await vi.waitFor(() => expect(cloud.requests.length).toBeGreaterThan(asked), WAIT);
  await second.stop();
  cloud.fail('', { kind: 'status', status: 403 }, 0);
  collection.start();
  await polledAgain(cloud);
  expect(await collection.ownEvents()).toMatchObject([
    {
      name: 'collecting fails',
      outcome: 'failure',
      reason: { reasonCode: 'CIMI_NOT_ALLOWED' },
      tenants: 't1',
    },
    { name: 'collecting works again', outcome: 'success', tenants: 't1' },
  ]);
});

test('a provider is left alone as long as it asks for, and less and less often asked while it is down', async () => {
  const collection = await testCollection();
  const [busy, broken] = [await collection.cloud(), await collection.cloud()];
  busy.fail('', { kind: 'status', status: 503, retryAfter: '3600' });
  broken.fail('', { kind: 'status', status: 500 });
  const healthy = await collection.cloud();
  for (const [id, { url }] of Object.entries({ busy, broken, healthy }))
    collection.register(id, quickly(url));
  collection.start();
  await polledAgain(healthy, 20);
  expect(busy.requests).toHaveLength(1);
  expect(broken.requests.length).toBeGreaterThan(1);
  expect(broken.requests.length).toBeLessThan(8);
});

test('what a provider wants to be left alone with is left alone, and the rest goes on', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  putJob(cloud, 'jobs/1', 'SUCCESS', 0);
  cloud.fail('eventLogs', { kind: 'status', status: 503, retryAfter: '3600' });
  collection.register('a', quickly(cloud.url));
  collection.start();
  await polledAgain(cloud, 3);
  expect(await states(collection)).toEqual(['jobs/1 SUCCESS']);
  expect(cloud.requests.filter((path) => path.startsWith('/cimi/eventLogs'))).toHaveLength(1);
  expect(await collection.ownEvents()).toMatchObject([
    { outcome: 'failure', reason: { reasonCode: 'CIMI_STATUS' } },
  ]);
});

test('what a source is changed to is collected at once, and another provider is not taken for the one before', async () => {
  const collection = await testCollection();
  const [one, other] = [await collection.cloud(), await collection.cloud()];
  putJob(one, 'jobs/1', 'RUNNING', 0);
  putJob(other, 'jobs/1', 'RUNNING', 0);
  collection.register('a', quickly(one.url));
  collection.start();
  await vi.waitFor(async () => expect(await states(collection)).toHaveLength(1), WAIT);
  collection.register('a', quickly(other.url));
  await vi.waitFor(
    async () => expect(await states(collection)).toEqual(['jobs/1 RUNNING', 'jobs/1 RUNNING']),
    WAIT,
  );
  const asked = one.requests.length;
  collection.register('a', null);
  collection.register('b', quickly(one.url));
  await vi.waitFor(async () => expect(await states(collection, 'b')).toHaveLength(1), WAIT);
  const left = other.requests.length;
  await polledAgain(one);
  expect([one.requests.length > asked, other.requests.length]).toEqual([true, left]);
  // Nothing is remembered of the one that was removed.
  const kept = new Map<string, boolean>();
  for await (const { records } of collection.stream.read(COLLECTED_TOPIC, {
    from: new Map([[0, 0]]),
    follow: false,
  }))
    for (const { key, value } of records) kept.set(key, value !== null);
  expect([...kept].filter(([key, isKept]) => key.startsWith('a\n') && isKept)).toEqual([]);
});

test('a provider that the deployment does not name is not asked', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  collection.register('a', quickly(cloud.url.replace('127.0.0.1', 'localhost')));
  collection.register('b', quickly(cloud.url, { credentials: 'x' }));
  collection.register('c', quickly(cloud.url), { type: 'libvirt-audit' });
  const credentials = new Map([
    ['x', { origin: 'https://other.example', auth: { kind: 'bearer', token: new Secret('t0ken') } as const }],
  ]);
  const collector = collection.start({ credentials });
  await vi.waitFor(async () => expect(await collection.ownEvents()).toHaveLength(3), WAIT);
  expect(cloud.requests).toEqual([]);
  expect(collector.trouble()).toBe(undefined);
  expect(collection.logged.join()).not.toContain('t0ken');
});

test.each(['https://[::1', 'https://a.example:99999/', 'https://%00/'])(
  'a registration whose address is none is told, and the others are collected (%s)',
  async (url) => {
    const collection = await testCollection();
    const cloud = await collection.cloud();
    putJob(cloud, 'jobs/1', 'SUCCESS', 0);
    collection.register('a', quickly(url));
    collection.register('b', quickly(cloud.url));
    collection.start();
    await vi.waitFor(async () => expect(await collection.records('b')).toHaveLength(1), WAIT);
    expect(collection.polled.get('a')).toBe(`CIMI_URL: ${url} is no URL`);
  },
);

test('credentials are shown to the provider and never logged', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud({ authorization: 'Bearer right' });
  putJob(cloud, 'jobs/1', 'SUCCESS', 0);
  const { origin } = new URL(cloud.url);
  const credentials = new Map([
    ['right', { origin, auth: { kind: 'bearer', token: new Secret('right') } as const }],
    ['wrong', { origin, auth: { kind: 'bearer', token: new Secret('wr0ng') } as const }],
  ]);
  collection.register('a', quickly(cloud.url, { credentials: 'right' }));
  collection.register('b', quickly(cloud.url, { credentials: 'wrong' }));
  collection.start({ credentials });
  await vi.waitFor(async () => {
    expect(await states(collection)).toEqual(['jobs/1 SUCCESS']);
    expect(await collection.ownEvents()).toMatchObject([
      { target: { id: 'b' }, reason: { reasonCode: 'CIMI_NOT_ALLOWED' } },
    ]);
  }, WAIT);
  expect(collection.logged.join() + JSON.stringify(await collection.ownEvents())).not.toContain('wr0ng');
});

test('a stream that does not answer holds back, and nothing is lost', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  putJob(cloud, 'jobs/1', 'SUCCESS', 0);
  let failures = 3;
  const stream: EventStream = {
    ...collection.stream,
    async append(topic, batch) {
      if (topic === RECORDS_TOPIC && failures-- > 0) throw new StreamError('STREAM_UNAVAILABLE', 'down');
      return collection.stream.append(topic, batch);
    },
  };
  collection.register('a', quickly(cloud.url));
  collection.start({ stream });
  await vi.waitFor(async () => expect(await states(collection)).toEqual(['jobs/1 SUCCESS']), WAIT);
});

test('whoever loses the partition stops, and whoever has it next reads what was remembered', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  putJob(cloud, 'jobs/1', 'RUNNING', 0);
  collection.register('a', quickly(cloud.url));
  /** A group of two on one partition, as Kafka has it: LMDB never takes a partition away. */
  const group = new Set<{ give: () => void; take: () => Promise<void> }>();
  const asMember = (): EventStream => ({
    ...collection.stream,
    async *consume(_, { startAt, revoked, signal }) {
      const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      let giving: Promise<unknown> = Promise.resolve();
      group.add({
        give: () => (giving = startAt([0])),
        take: async () => {
          await giving;
          await revoked?.([0]);
        },
      });
      await ended;
      yield* [];
    },
  });
  const first = collection.start({ stream: asMember() });
  const second = collection.start({ stream: asMember() });
  const [one, two] = [...group];
  one?.give();
  await polledAgain(cloud);
  await one?.take();
  // A request that was on its way when it was given up may still come.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const asked = cloud.requests.length;
  putJob(cloud, 'jobs/1', 'SUCCESS', 9);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(cloud.requests.length).toBe(asked);
  two?.give();
  await polledAgain(cloud);
  expect(await states(collection)).toEqual(['jobs/1 RUNNING', 'jobs/1 SUCCESS']);
  await Promise.all([first.stop(), second.stop()]);
});

test('stopping does not wait for a provider that hangs', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  cloud.fail('jobs', { kind: 'dripping' });
  collection.register('a', quickly(cloud.url));
  const collector = collection.start({ client: { timeoutMs: 60_000 } });
  await vi.waitFor(() => expect(cloud.requests).toContain('/cimi/jobs'), WAIT);
  await collector.stop();
  expect(await collection.ownEvents()).toEqual([]);
});

test('a poll that does not end is ended, and the next one goes on from there', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud({ items: 'references' });
  for (let job = 1; job <= 3; job++) putJob(cloud, `jobs/${job}`, 'SUCCESS', job);
  cloud.fail('jobs/3', { kind: 'silent' }, 1);
  collection.register('a', quickly(cloud.url));
  collection.start({ client: { timeoutMs: 60_000 }, maxPollMs: 300 });
  await vi.waitFor(async () => expect(await states(collection)).toHaveLength(3), WAIT);
  await vi.waitFor(
    async () =>
      expect(await collection.ownEvents()).toMatchObject([
        { name: 'collecting fails', reason: { reasonCode: 'CIMI_TIMEOUT' } },
        { name: 'collecting works again' },
      ]),
    WAIT,
  );
});
