/** Clouds that speak as real servers of CIMI do, collected by the embedded shape: each job and event once, or each change of state. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCimiProvider } from '../support/cimi-provider.ts';
import type { CimiProvider } from '../support/cimi-provider.ts';
import { collected, collecting, expected, stored, work } from '../support/cimi-work.ts';
import { pathOut } from '../support/cimi/dialect.ts';
import { DIALECTS } from '../support/cimi/servers.ts';
import { until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const TELLING = [
  ['sirocco', 'json'],
  ['sirocco', 'xml'],
  ['stratuslab', 'json'],
  ['slipstream', 'json'],
  ['nuvla', 'json'],
  ['vendor', 'json'],
  ['vendor', 'xml'],
] as const;
/** Neither jobs nor events: what changed is found by comparing. */
const SILENT = [
  ['deltacloud', 'json'],
  ['deltacloud', 'xml'],
  ['osaddon', 'json'],
  ['osaddon', 'xml'],
] as const;
const ARRIVAL_MS = 60_000;

const clouds = new Map<string, CimiProvider>();
let service: TestService;

function cloudOf(name: string): CimiProvider {
  const cloud = clouds.get(name);
  if (cloud === undefined) throw new Error(`there is no cloud ${name}`);
  return cloud;
}

beforeAll(async () => {
  for (const [dialect, format] of [...TELLING, ...SILENT]) {
    const cloud = await startCimiProvider({ dialect, format });
    clouds.set(`${dialect}-${format}`, cloud);
    await work(cloud, 3);
    cloud.advance(4);
  }
  service = await collecting(clouds);
}, 60_000);
afterAll(async () => {
  expect(await service.stop()).toBe(0);
  service.clean();
  for (const cloud of clouds.values()) await cloud.close();
});

for (const [dialect, format] of TELLING)
  test(
    `All jobs and events of a cloud that speaks as ${dialect} are read, once, in ${format}`,
    { timeout: 90_000 },
    async () => {
      const name = `${dialect}-${format}`;
      const wanted = new Map(
        [...expected(cloudOf(name))].map(([id, end]) => [pathOut(DIALECTS[dialect], id), end]),
      );
      const isThere = async (): Promise<boolean> => isDeepStrictEqual(await stored(service, name), wanted);
      await until(isThere, ARRIVAL_MS).catch(() => undefined);
      expect(await stored(service, name)).toEqual(wanted);
      const actions = new Set((await collected(service, name, name)).map(({ action }) => action));
      expect([...actions]).toEqual(
        expect.arrayContaining(['create', 'start', 'capture/snapshot', 'deploy/import']),
      );
    },
  );

for (const [dialect, format] of SILENT)
  test(
    `Changes of a cloud that speaks as ${dialect} are found by comparing, in ${format}`,
    { timeout: 90_000 },
    async () => {
      const name = `${dialect}-${format}`;
      const cloud = cloudOf(name);
      const path = pathOut(DIALECTS[dialect], 'machines');
      const polls = (): number =>
        cloud.requests.filter((one) => one.split('?')[0]?.toLowerCase() === `/cimi/${path}`).length;
      await until(async () => polls() >= 2, ARRIVAL_MS);
      for (const [machine, body] of [
        ['machines/1', { action: 'stop' }],
        ['machines/2', { action: 'delete' }],
      ] as const)
        await fetch(`${cloud.baseUri}${pathOut(DIALECTS[dialect], machine)}`, {
          method: 'POST',
          body: JSON.stringify(body),
        });
      cloud.advance(2);
      const found = async (): Promise<string[]> =>
        (await collected(service, name, name)).map(
          ({ action, target, measurements }) =>
            `${action} ${target?.id?.slice(cloud.baseUri.length)} ${measurements?.[0]?.result ?? ''}`,
        );
      await until(async () => (await found()).length >= 2, ARRIVAL_MS).catch(() => undefined);
      // Told by the references that lead there, capital and all.
      const told = dialect === 'osaddon' ? 'Machine' : path;
      expect(await found()).toEqual([`monitor ${told}/1 STOPPED`, `delete ${told}/2 `]);
    },
  );
