/** Clouds that answer wrongly, late or not at all for a while, collected by the embedded shape: what they have is read all the same. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCimiProvider } from '../support/cimi-provider.ts';
import type { CimiProvider } from '../support/cimi-provider.ts';
import { collected, collecting, expected, stored, work } from '../support/cimi-work.ts';
import { SIGN_IN_PAGE, XML_ENTITIES } from '../support/cimi/faults.ts';
import { until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const EVENTS = 'eventLogs/cloud/events';
const ARRIVAL_MS = 60_000;

/** What is wrong with a cloud; and whether that is told. */
const CLOUDS: readonly (readonly [name: string, isTold: boolean, spoil: (cloud: CimiProvider) => void])[] = [
  ['counts-more', true, (cloud) => cloud.deceive(EVENTS, 'counts-more')],
  ['counts-less', false, (cloud) => cloud.deceive(EVENTS, 'counts-less')],
  ['repeats', false, (cloud) => cloud.deceive(EVENTS, 'repeats')],
  ['busy', false, (cloud) => cloud.fail(EVENTS, { kind: 'status', status: 429, retryAfter: '1' }, 2)],
  ['signed-out', true, (cloud) => cloud.fail('', SIGN_IN_PAGE, 1)],
  ['entities', true, (cloud) => cloud.fail('jobs', XML_ENTITIES, 1)],
  ['refuses', true, (cloud) => cloud.fail(EVENTS, { kind: 'status', status: 403 }, 1)],
  ['cut-off', false, (cloud) => cloud.fail(EVENTS, { kind: 'cut' }, 1)],
  ['late', false, (cloud) => cloud.fail('jobs', { kind: 'slow', delayMs: 1500 }, 2)],
];
const clouds = new Map<string, CimiProvider>();
let service: TestService;

beforeAll(async () => {
  for (const [name, , spoil] of CLOUDS) {
    const cloud = await startCimiProvider({ capabilities: ['FirstParameter'], maxItems: 7 });
    clouds.set(name, cloud);
    await work(cloud, 3);
    cloud.advance(4);
    spoil(cloud);
  }
  service = await collecting(clouds);
}, 60_000);
afterAll(async () => {
  expect(await service.stop()).toBe(0);
  service.clean();
  for (const cloud of clouds.values()) await cloud.close();
});

for (const [name, isTold] of CLOUDS)
  test(`A cloud is read whole: ${name}`, { timeout: 90_000 }, async () => {
    const cloud = clouds.get(name);
    if (cloud === undefined) throw new Error(`there is no cloud ${name}`);
    const wanted = expected(cloud);
    const isThere = async (): Promise<boolean> => isDeepStrictEqual(await stored(service, name), wanted);
    await until(isThere, ARRIVAL_MS).catch(() => undefined);
    expect(await stored(service, name)).toEqual(wanted);
    const told = async (): Promise<number> =>
      (await collected(service, name)).filter(
        ({ observer, outcome }) => observer?.name !== name && outcome === 'failure',
      ).length;
    if (isTold) await until(async () => (await told()) > 0, ARRIVAL_MS);
    expect((await told()) > 0).toBe(isTold);
  });
