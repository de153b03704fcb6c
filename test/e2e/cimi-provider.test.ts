/** `/cimi` of a running pipeline: what it serves is what the query API serves, and our own collector reads it back. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Secret } from '@cadf-pipeline/service-kit';
import { createCimiClient } from '../../services/ingest/src/cimi/cimi-client.ts';
import { source as cimi } from '../../services/ingest/sources/cimi/source.ts';
import { ndjson, testEvent } from '../support/events.ts';
import type { TestEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const TENANT = 'project-a';
const SOURCE = 'cloud-a';
/** Of the tenant is also the event that tells of its key. */
const OF_SOURCE = `tenant=${TENANT}&to=2026-11-15T00:00:00Z`;
const LOGS = [
  [`source-${SOURCE}`, OF_SOURCE, 60],
  [`tenant-${TENANT}`, `tenant=${TENANT}`, 61],
] as const;
const [[SOURCE_LOG], [TENANT_LOG]] = LOGS;
const V1 = { 'cimi-specification-version': '1.0' };

const METRIC = { metricId: 'm-1', unit: 'percent', name: 'cpu' };

let service: TestService;
let tenantKey: string;

/** Strict-valid, of every kind: versions, severities, odd names and ids, members the standard does not know. */
const EVENTS: readonly TestEvent[] = Array.from({ length: 60 }, (_, i) => ({
  ...testEvent({
    eventTime: `2026-11-01T12:${String(i % 60).padStart(2, '0')}:00.123456+00:00`,
    outcome: ['success', 'failure', 'pending', 'unknown'][i % 4],
    ...(i % 5 === 0 ? { severity: ['low', 'High', 'CRITICAL', 'odd'][(i / 5) % 4] } : {}),
    ...(i % 7 === 0 ? { name: `name ${i} <&"'> ä😀` } : {}),
    ...(i % 11 === 0
      ? { eventType: 'monitor', action: 'monitor', measurements: [{ result: `${i}`, metric: METRIC }] }
      : {}),
    extension: { list: [i, null, true], text: 'a\tb\nc' },
  }),
  id: i % 13 === 0 ? `urn:odd:${i}/a b?c#d%2F:é` : `event-${i}`,
}));

beforeAll(async () => {
  service = await startService();
  const key = await service.fetch('/cadf/v1/admin/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'reader', roles: ['query'], tenants: [TENANT] }),
  });
  tenantKey = ((await key.json()) as { token: string }).token;
  // Versions: those that were pending and ended.
  const ended = EVENTS.filter((event, i) => event['outcome'] === 'pending' && i % 3 === 0);
  const versions = [...EVENTS, ...ended.map((event) => ({ ...event, outcome: 'success' }))];
  const others = [
    testEvent({ initiator: { id: 'x', typeURI: 'data/security/account/user', project_id: 'b' } }),
  ];
  for (const [source, events] of [
    [SOURCE, versions],
    ['cloud-b', others],
  ] as const) {
    const sent = await service.fetch(`/cadf/v1/events?source=${source}&profile=lenient`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: ndjson(events),
    });
    expect(await sent.json()).toMatchObject({ accepted: events.length });
  }
  await until(async () => (await eventsOf(`tenant=${TENANT}`)).length === 61);
  await until(async () => (await get<Collection>('/cimi/eventLogs')).count === 5);
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

interface Collection {
  readonly count: number;
  readonly id: string;
  readonly events?: readonly {
    readonly id: string;
    readonly content: unknown;
    readonly [n: string]: unknown;
  }[];
  readonly eventLogs?: readonly { readonly id: string; readonly summary: object }[];
}

async function get<T>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await service.fetch(path, { headers });
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** By the query API, the newest first. */
async function eventsOf(query: string, key?: string): Promise<{ id: string }[]> {
  const response = await service.fetch(
    `/cadf/v1/events?limit=1000&${query}`,
    key === undefined ? {} : { key },
  );
  return ((await response.json()) as { events: { id: string }[] }).events;
}

describe('what /cimi serves', () => {
  test.each(LOGS)(
    'is what the query API serves, whatever the size of a page: %s',
    async (log, query, total) => {
      const expected = await eventsOf(query);
      expect(expected).toHaveLength(total);
      for (const size of [7, 25, 100, 1000]) {
        const found: unknown[] = [];
        const ids = new Set<string>();
        for (let first = 1; ; first += size) {
          const path = `/cimi/eventLogs/${log}/events?$first=${first}&$last=${first + size - 1}`;
          const { count, events = [] } = await get<Collection>(path);
          expect(count).toBe(total);
          if (events.length === 0) break;
          for (const event of events) {
            ids.add(event.id);
            found.push(event.content);
          }
        }
        expect(found).toEqual(expected);
        expect(ids.size).toBe(total);
      }
    },
  );

  test('is the stored text, byte for byte, also of one event by its id', async () => {
    const { events = [] } = await get<Collection>(`/cimi/eventLogs/${SOURCE_LOG}/events`);
    expect(events).toHaveLength(EVENTS.length);
    for (const { id } of events.filter((_, i) => i % 10 === 0)) {
      const one = await (await service.fetch(`/cimi/${id}`)).text();
      const colon = id.indexOf(':');
      const text = await (await service.fetch(`/cadf/v1/events/${id.slice(colon + 1)}`)).text();
      expect(one).toContain(`"content":${text},`);
      expect(JSON.parse(one)).toMatchObject({ id, resourceURI: 'http://schemas.dmtf.org/cimi/2/Event' });
    }
  });

  test('is read with a tenant’s key as with the provider’s, and no more', async () => {
    const response = await service.fetch('/cimi/eventLogs', { key: tenantKey });
    expect(await response.json()).toMatchObject({
      count: 1,
      eventLogs: [{ id: `eventLogs/tenant-${TENANT}` }],
    });
    for (const log of ['tenant-b', 'source-cloud-b', `source-${SOURCE}`, 'source-cadf-pipeline'])
      for (const rest of ['', '/events'])
        expect((await service.fetch(`/cimi/eventLogs/${log}${rest}`, { key: tenantKey })).status).toBe(404);
  });

  test('has each level of severity counted once in the summary', async () => {
    const { eventLogs = [] } = await get<Collection>('/cimi/eventLogs');
    expect(eventLogs.map(({ id, summary }) => [id, summary])).toEqual([
      ['eventLogs/tenant-b', { low: 0, medium: 0, high: 0, critical: 0 }],
      [`eventLogs/tenant-${TENANT}`, { low: 3, medium: 0, high: 3, critical: 3 }],
      ['eventLogs/source-cadf-pipeline', { low: 0, medium: 0, high: 0, critical: 0 }],
      [`eventLogs/source-${SOURCE}`, { low: 3, medium: 0, high: 3, critical: 3 }],
      ['eventLogs/source-cloud-b', { low: 0, medium: 0, high: 0, critical: 0 }],
    ]);
  });
});

describe('our own client and normalizer', () => {
  test('find what the provider advertises, and page through a log', async () => {
    const client = createCimiClient({
      url: `${service.url}/cimi`,
      auth: { kind: 'bearer', token: new Secret(service.key) },
      limits: { pageSize: 11 },
    });
    const discovery = await client.discover();
    expect(discovery.base.href).toBe(`${service.url}/cimi/`);
    expect(discovery.refused).toEqual([]);
    expect([...discovery.collections.keys()].toSorted()).toEqual(['eventlogs', 'resourcemetadata']);
    expect([...discovery.capabilities.keys()].toSorted()).toEqual([
      'expandparameter', 'filterparameter', 'firstparameter', 'formatparameter', 'orderbyparameter', 'selectparameter',
    ]); // prettier-ignore
    const found: unknown[] = [];
    const since = { attribute: 'timestamp', time: new Date('2026-11-01T12:30:00Z') };
    const events = new URL(`eventLogs/${SOURCE_LOG}/events`, discovery.base);
    for await (const page of client.pages(events, { plural: 'events', required: [], since }, discovery)) {
      expect(page.refused).toEqual([]);
      expect(page.cut).toBeUndefined();
      found.push(...page.items.map(({ value }) => (value as { content: unknown }).content));
    }
    client.close();
    const expected = await eventsOf(`${OF_SOURCE}&from=2026-11-01T12:30:00Z&order=asc`);
    expect(expected).toHaveLength(30);
    expect(found).toEqual(expected);
  });

  test.each([
    ['JSON', '2.0', {}, 'json'],
    ['JSON', '1.x', V1, 'json'],
    ['XML', '2.0', {}, 'xml'],
    ['XML', '1.x', V1, 'xml'],
  ])('make the same CADF events of %s of %s again', async (_form, _version, headers, format) => {
    for (const [path, query] of [
      [`eventLogs/${SOURCE_LOG}/events?`, OF_SOURCE],
      [`eventLogs/${TENANT_LOG}?$expand=events&`, `tenant=${TENANT}`],
    ] as const) {
      const expected = await eventsOf(query);
      const document = await (await service.fetch(`/cimi/${path}$format=${format}`, { headers })).text();
      const normalizer = cimi.createNormalizer({ sourceName: 'peer' });
      const outcomes = [...normalizer.push({ text: document, receivedMs: 0 }), ...normalizer.flush()];
      const events = outcomes.flatMap((outcome) => ('event' in outcome ? [outcome.event] : []));
      expect(events).toHaveLength(expected.length);
      expect(events).toEqual(expected);
    }
  });
});

test('another pipeline that collects from /cimi has the same events', async () => {
  const peer = await startService({
    env: { CADF_CIMI_CREDENTIALS: JSON.stringify({ a: { origin: service.url, bearer: tenantKey } }) },
  });
  onTestFinished(async () => {
    await peer.stop();
    peer.clean();
  });
  const source = {
    type: 'cimi',
    name: 'the other one',
    poll: { url: `${service.url}/cimi`, credentials: 'a', everySeconds: 5 },
  };
  const made = await peer.fetch('/cadf/v1/admin/sources/peer', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(source),
  });
  expect(made.status, await made.text()).toBe(201);
  const collected = async (): Promise<unknown> => {
    const path = `/cadf/v1/events?limit=1000&${OF_SOURCE}`;
    return ((await (await peer.fetch(path)).json()) as { events: unknown[] }).events;
  };
  const expected = await eventsOf(OF_SOURCE);
  await until(async () => ((await collected()) as unknown[]).length >= expected.length);
  expect(await collected()).toEqual(expected);
  const { deadLetters } = (await (await peer.fetch('/cadf/v1/dead-letters')).json()) as {
    deadLetters: unknown[];
  };
  expect(deadLetters).toEqual([]);
});
