/** Logs, meters and states through the whole collector: real sockets, a real stream, and a restart in between. */
import { expect, test, vi } from 'vitest';
import type { CimiProvider } from '../../../../test/support/cimi-provider.ts';
import { quickly, testCollection } from './collector.test-support.ts';
import type { TestCollection } from './collector.test-support.ts';

const WAIT = { timeout: 10_000, interval: 15 };
const LOG = 'eventLogs/1';

function addEvent(cloud: CimiProvider, severity = 'low'): void {
  const timestamp = new Date().toISOString();
  cloud.addEvent(LOG, { timestamp, type: 'x/alarm', content: { code: 'full' }, severity });
}

async function polledAgain(cloud: CimiProvider, path: string): Promise<void> {
  const asked = (): number => cloud.requests.filter((one) => one.startsWith(`/cimi/${path}`)).length;
  const before = asked();
  await vi.waitFor(() => expect(asked()).toBeGreaterThanOrEqual(before + 3), WAIT);
}

/** A poll was made whole, and what it found is remembered. */
async function polledWhole({ registry }: TestCollection): Promise<void> {
  const isWhole = /cadf_cimi_polls_total\{source="a",result="ok"\} [1-9]/;
  await vi.waitFor(async () => expect(await registry.metrics()).toMatch(isWhole), WAIT);
}

async function positions(collection: TestCollection, cloud: CimiProvider): Promise<string[]> {
  const records = await collection.records('a');
  return records.map(({ position = '' }) => position.slice(cloud.url.length));
}

for (const capabilities of [[], ['FilterParameter', 'FirstParameter', 'OrderByParameter']])
  test(`a collector that starts again delivers no event twice, and tells a gap once (parameters: ${capabilities.length})`, async () => {
    const collection = await testCollection();
    const cloud = await collection.cloud({ capabilities });
    addEvent(cloud);
    addEvent(cloud);
    collection.register('a', quickly(cloud.url, { collect: ['events'] }), { tenants: ['t1'] });
    const first = collection.start();
    await polledWhole(collection);
    await first.stop();
    addEvent(cloud);
    addEvent(cloud, 'high');
    cloud.remove(`${LOG}/events/4`);
    const second = collection.start();
    await vi.waitFor(async () => expect(await collection.ownEvents()).toHaveLength(1), WAIT);
    await second.stop();
    collection.start();
    await polledAgain(cloud, `${LOG}/events`);
    expect(await positions(collection, cloud)).toEqual([1, 2, 3].map((event) => `${LOG}/events/${event}`));
    expect(await collection.ownEvents()).toMatchObject([
      {
        name: 'event log gap',
        outcome: 'failure',
        target: { id: `${cloud.url}${LOG}` },
        reason: { reasonCode: 'missing high 1; counted low 3, high 1; read low 3' },
        tenants: 't1',
      },
    ]);
  });

test('a collector that starts again delivers no sample twice', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  const addSample = (value: string): void =>
    cloud.addSample('meters/1', { timestamp: new Date().toISOString(), value });
  addSample('1');
  collection.register('a', quickly(cloud.url, { collect: ['meters'] }));
  const values = async (): Promise<(string | undefined)[]> =>
    (await collection.records('a')).map(({ text }) => /"value":"(\d)"/.exec(text)?.[1]);
  const first = collection.start();
  await polledWhole(collection);
  await first.stop();
  addSample('2');
  collection.start();
  await vi.waitFor(async () => expect(await values()).toHaveLength(2), WAIT);
  await polledAgain(cloud, 'meters/1/samples');
  expect(await values()).toEqual(['1', '2']);
});

test('what changed while no collector ran is told when one runs again', async () => {
  const collection = await testCollection();
  const cloud = await collection.cloud();
  cloud.put('Machine', 'machines/1', { state: 'STARTED' });
  cloud.put('Machine', 'machines/2', { state: 'STARTED' });
  collection.register('a', quickly(cloud.url, { collect: ['states'], resources: ['machines'] }));
  const first = collection.start();
  await polledWhole(collection);
  await first.stop();
  cloud.change('machines/1', { state: 'STOPPED' });
  cloud.remove('machines/2');
  const changes = async (): Promise<(string | undefined)[]> =>
    (await collection.records('a')).map(({ text }) => /"change":"(\w+)"/.exec(text)?.[1]);
  collection.start();
  await vi.waitFor(async () => expect(await changes()).toHaveLength(2), WAIT);
  await polledAgain(cloud, 'machines');
  expect(await changes()).toEqual(['state', 'delete']);
});
