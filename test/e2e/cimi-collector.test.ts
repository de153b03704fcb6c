/**
 * Simulated CIMI clouds, collected over a real Kafka into the store: what is read back, by the query API and by another
 * pipeline through `/cimi`, is what the clouds have, each thing once, also when the process that collects is killed. A
 * dead and a hostile cloud stand beside them.
 */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { startCimiProvider } from '../support/cimi-provider.ts';
import type { CimiProvider, CimiProviderOptions } from '../support/cimi-provider.ts';
import { collected, expected, register, stored, work } from '../support/cimi-work.ts';
import type { Collected } from '../support/cimi-work.ts';
import { XML_ENTITIES } from '../support/cimi/faults.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const kafka = await kafkaOrSkip();
afterAll(() => kafka?.stop());

const ALL = ['FilterParameter', 'FirstParameter', 'OrderByParameter', 'ExpandParameter', 'SelectParameter'];
/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:9/cimi/';
const ARRIVAL_MS = 90_000;

async function start(options: CimiProviderOptions): Promise<CimiProvider> {
  const provider = await startCimiProvider(options);
  onTestFinished(() => provider.close());
  return provider;
}

/** One that never comes to an end, sends entities, and points inside of the network. */
async function startHostile(): Promise<CimiProvider> {
  const hostile = await start({ capabilities: ALL });
  hostile.makeEndless('eventLogs');
  hostile.fail('jobs', XML_ENTITIES);
  hostile.fail('meters', { kind: 'redirect', location: 'http://169.254.169.254/latest/' });
  return hostile;
}

/** So that reading it takes some seconds. */
function slow(cloud: CimiProvider, delayMs: number): void {
  for (const path of ['eventLogs/cloud/events', 'jobs']) cloud.fail(path, { kind: 'slow', delayMs });
}

function audit(cloud: CimiProvider): string {
  const id = `inner-${new URL(cloud.url).port}`;
  cloud.audit({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id,
    eventType: 'activity',
    eventTime: '2026-06-01T01:00:00.000Z',
    action: 'authenticate/login',
    outcome: 'failure',
    initiator: { id: 'bob', typeURI: 'data/security/account/user', name: 'bob' },
    target: { id: 'cloud', typeURI: 'service/security' },
    observer: { id: 'cloud', typeURI: 'service/security' },
  });
  return id;
}

/** Equal, or a failure that shows in what they differ. */
async function expectStored(on: TestService, source: string, cloud: CimiProvider): Promise<void> {
  const wanted = expected(cloud);
  const isThere = async (): Promise<boolean> => isDeepStrictEqual(await stored(on, source), wanted);
  await until(isThere, ARRIVAL_MS).catch(() => undefined);
  expect(await stored(on, source)).toEqual(wanted);
  expect(new Set(wanted.values())).toEqual(new Set(['success', 'failure', 'event']));
}

/** What each event says, by its id; those who pass it on add themselves to its reporters. */
function byId(events: readonly Collected[]): Map<string, unknown> {
  const found = new Map(events.map(({ reporterchain: _reporters, ...event }) => [event.id, event] as const));
  expect(found.size).toBe(events.length);
  return found;
}

/** Reads `/cimi` of a pipeline into another one, as any consumer of CIMI would. */
async function expectReadBack(from: TestService, tenant: string): Promise<void> {
  const made = await from.fetch('/cadf/v1/admin/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'reader', roles: ['query'], tenants: [tenant] }),
  });
  const { token } = (await made.json()) as { token: string };
  const upstream = { origin: from.url, bearer: token };
  const reader = await startService({ env: { CADF_CIMI_CREDENTIALS: JSON.stringify({ upstream }) } });
  expect(
    await register(reader, tenant, { url: `${from.url}/cimi`, credentials: 'upstream', everySeconds: 5 }),
  ).toBe(201);
  const wanted = byId(await collected(from, tenant));
  const read = async (): Promise<Map<string, unknown>> =>
    new Map([...byId(await collected(reader, tenant))].filter(([id]) => wanted.has(id)));
  await until(async () => (await read()).size === wanted.size, ARRIVAL_MS).catch(() => undefined);
  expect(await read()).toEqual(wanted);
  expect(await reader.stop()).toBe(0);
  reader.clean();
}

describe.skipIf(kafka === undefined)('CIMI clouds over Kafka', { timeout: 300_000 }, () => {
  test('are collected whole and once, through a kill, beside a dead and a hostile one', async () => {
    const clouds = [
      ['json', await start({ capabilities: ALL, maxItems: 7 })],
      ['xml', await start({ version: '1', format: 'xml', capabilities: ['FirstParameter'], maxItems: 5 })],
    ] as const;
    const hostile = await startHostile();
    const origins = [...clouds.map(([, { url }]) => url), hostile.url, DEAD].map(
      (url) => new URL(url).origin,
    );
    const env = {
      CADF_KAFKA_BROKERS: (kafka?.brokers ?? []).join(),
      CADF_STREAM_PARTITIONS: '2',
      CADF_CIMI_PROVIDERS: origins.join(),
      CADF_LOG_LEVEL: 'info',
    };
    for (const [, cloud] of clouds) {
      await work(cloud, 8);
      for (const second of [1, 2, 3])
        cloud.addSample('meters/cpu', { timestamp: `2026-06-01T00:00:0${second}.000Z`, value: `${second}` });
      slow(cloud, 300);
    }
    const first = await startService({ env });
    const poll = { everySeconds: 5, openJobsEverySeconds: 1 };
    for (const [name, { url }] of [['dead', { url: DEAD }], ['hostile', hostile], ...clouds] as const)
      expect(await register(first, name, { url, ...poll })).toBe(201);
    const inMiddle = async (): Promise<boolean> => (await stored(first, 'xml')).size > 10;
    await until(inMiddle, ARRIVAL_MS, () => first.output().slice(-3000));
    expect((await stored(first, 'xml')).size).toBeLessThan(expected(clouds[1][1]).size);
    await first.kill();

    for (const [, cloud] of clouds) {
      slow(cloud, 1);
      await work(cloud, 4);
    }
    const second = await startService({ env, dataDir: first.dataDir });
    for (const [name, cloud] of clouds) {
      const inner = audit(cloud);
      cloud.advance(4);
      await expectStored(second, name, cloud);
      expect((await collected(second, name)).filter(({ id }) => id === inner)).toMatchObject([
        { action: 'authenticate/login', initiator: { name: 'bob' } },
      ]);
    }
    for (const name of ['dead', 'hostile'])
      expect(
        (await collected(second, name)).filter((event) => event.outcome === 'failure'),
        name,
      ).not.toHaveLength(0);
    await expectReadBack(second, 'json');
    expect(await second.stop()).toBe(0);
    second.clean();
  });
});
