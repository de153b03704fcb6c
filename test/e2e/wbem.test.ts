/** CIM indications as a CIM server exports them, into a real process and out of its query API. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const LIFE = readFileSync(
  new URL('../../services/ingest/sources/cim-indications/fixtures/life.input.xml', import.meta.url),
  'utf8',
);
const MESSAGES = LIFE.split(/(?=<\?xml )/).filter((text) => text.trim() !== '');
const ENV = {
  CADF_LOG_LEVEL: 'info',
  CADF_WBEM_PORT: '0',
  CADF_WBEM_SOURCE: 'hypervisors',
};

let service: TestService;
let token: string;

beforeAll(async () => {
  service = await startService({ env: ENV });
  await put('sources/hypervisors', { type: 'cim-indications', name: 'Hypervisors', tenants: ['t1'] });
  const made = await service.fetch('/cadf/v1/admin/keys', {
    method: 'POST',
    body: JSON.stringify({ name: 'cimom', roles: ['submit'], tenants: ['t1'] }),
    headers: { 'content-type': 'application/json' },
  });
  const answer = (await made.json()) as { token: string };
  token = answer.token;
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function put(path: string, entity: object): Promise<void> {
  const response = await service.fetch(`/cadf/v1/admin/${path}`, {
    method: 'PUT',
    body: JSON.stringify(entity),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.ok, await response.text()).toBe(true);
}

function portOf(on: TestService): number {
  return Number(/"port":(\d+)[^\n]*listening for CIM indications/.exec(on.output())?.[1]);
}

async function send(body: string, path = '/'): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${portOf(service)}${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/xml; charset="utf-8"',
      authorization: `Basic ${Buffer.from(`cimom:${token}`).toString('base64')}`,
      CIMExport: 'MethodRequest',
      CIMExportMethod: 'ExportIndication',
    },
  });
  expect(response.status).toBe(200);
  return response.text();
}

interface Found {
  readonly id: string;
  readonly name?: string;
  readonly action: string;
  readonly tags?: readonly string[];
  readonly reason?: { readonly reasonCode?: string };
}

async function eventsNamed(name: string, query = ''): Promise<Found[]> {
  const page = await service.fetch(`/cadf/v1/events?limit=1000${query}`);
  const { events } = (await page.json()) as { events: Found[] };
  return events.filter((event) => event.name === name);
}

const CREATED = 'KVM_ComputerSystemCreatedIndication';
const MISSING = 'indications missing';

async function endings(): Promise<{ readonly accepted: number; readonly duplicate: number }> {
  const answer = (await (await service.fetch('/cadf/v1/sources')).json()) as {
    sources: { id: string; records: { accepted: number; duplicate: number } }[];
  };
  return answer.sources.find(({ id }) => id === 'hypervisors')?.records ?? { accepted: 0, duplicate: 0 };
}

test('what a CIM server exports becomes events, and what it exports again is a duplicate', async () => {
  for (const message of MESSAGES)
    expect(await send(message)).toContain('<EXPMETHODRESPONSE NAME="ExportIndication"/>');
  await until(async () => (await endings()).accepted === MESSAGES.length);
  await until(async () => (await eventsNamed(CREATED)).length > 0);
  expect((await eventsNamed(CREATED))[0]?.action).toBe('create');
  for (const message of MESSAGES) await send(message);
  await until(async () => (await endings()).duplicate === MESSAGES.length);
  expect((await endings()).accepted).toBe(MESSAGES.length);
});

test('after a kill with messages under way, all that is sent again is there once', async () => {
  const message = (MESSAGES[0] ?? '').replace('cimom-1#7', 'killed');
  const numbered = Array.from({ length: 40 }, (_, index) =>
    message.replace('<VALUE>1</VALUE>', `<VALUE>${index + 1}</VALUE>`),
  );
  const underWay = numbered.map((text) => send(text).catch(() => undefined));
  await Promise.race(underWay);
  await service.kill();
  await Promise.all(underWay);
  service = await startService({ env: ENV, dataDir: service.dataDir });
  for (const text of numbered) await send(text);
  const mine = async (): Promise<Found[]> =>
    (await eventsNamed(CREATED)).filter(({ tags }) => tags?.some((tag) => tag.includes('killed')));
  await until(async () => (await mine()).length === 40);
  expect(new Set((await mine()).map(({ id }) => id)).size).toBe(40);
  expect(await eventsNamed(MISSING)).toEqual([]);
});

test('a number that does not come is told to the tenants of the source, once, also over a restart', async () => {
  const message = (MESSAGES[0] ?? '').replace('cimom-1#7', 'gapped');
  await send(message.replace('<VALUE>1</VALUE>', '<VALUE>11</VALUE>'));
  await send(message.replace('<VALUE>1</VALUE>', '<VALUE>14</VALUE>'));
  await service.stop();
  const env = { ...ENV, CADF_WBEM_SEQUENCE_LIFETIME: '3s' };
  service = await startService({ env, dataDir: service.dataDir });
  await until(async () => (await eventsNamed(MISSING)).length > 0);
  const told = await eventsNamed(MISSING, '&tenant=t1');
  expect(told.map(({ reason }) => reason?.reasonCode)).toEqual([
    'numbers 12 to 13 of sequence gapped did not come within 3 s',
  ]);
});
