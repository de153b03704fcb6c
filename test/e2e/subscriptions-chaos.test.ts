/**
 * Subscriptions while everything breaks: receivers that fail at random, export and ingest processes that are killed,
 * partitions that move, a reader whose query process is killed. At the end each subscription was given every event that
 * the query gives for the same filter, in the order of each source, repeated only under the same `webhook-id`.
 */
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAll } from '../contract/stream-actions.ts';
import { startChaoticReceiver } from '../support/chaotic-receiver.ts';
import type { ChaoticReceiver } from '../support/chaotic-receiver.ts';
import { clickHouseSettings, startClickHouse } from '../support/clickhouse.ts';
import type { TestClickHouse } from '../support/clickhouse.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import { readLive } from '../support/live-reader.ts';
import { OBSERVER, orderFault, startNumberedSource, TENANTS } from '../support/numbered-source.ts';
import type { NumberedEvent, NumberedSource } from '../support/numbered-source.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const SEED = Number(process.env['CADF_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const TIMEOUT_MS = 600_000;
/** Sessions of killed processes last half a minute, failed batches are tried again after seconds. */
const ARRIVAL_MS = 240_000;
const PARTITIONS = 3;
const TOPIC = 'chaos-events';
const ALL = `observer/name = '${OBSERVER}'`;

interface Asked {
  readonly filter?: string;
  readonly tenant?: string;
  readonly source?: string;
}
interface Webhook extends Asked {
  readonly path: string;
  readonly format: string;
  readonly batch?: object;
  /** Made in the midst of it, from a time on. */
  readonly from?: string;
}
const WEBHOOKS: readonly Webhook[] = [
  { path: '/all', format: 'cadf-json', filter: ALL, batch: { maxEvents: 7 } },
  { path: '/lines', format: 'cadf-ndjson', filter: `${ALL} and outcome = 'failure'` },
  { path: '/single', format: 'cloudevents', filter: `action within 'delete' and not initiator/name ~ 'bob'` },
  {
    path: '/batches',
    format: 'cloudevents-batch',
    source: 'chaos-1',
    batch: { maxEvents: 20, maxWaitMs: 500 },
  },
  { path: '/tenant', format: 'cadf-json', tenant: TENANTS[1] ?? '' },
  {
    path: '/numbers',
    format: 'cadf-ndjson',
    filter: `name ^= 'chaos-2/1' or name ^= 'chaos-3/2'`,
    batch: { maxWaitMs: 0 },
  },
];
const LATE: Webhook = {
  path: '/late',
  format: 'cadf-json',
  filter: `${ALL} and action in ('create', 'update')`,
  from: '2026-10-05T00:00:00Z',
};

const kafka = await kafkaOrSkip();
let clickHouse: TestClickHouse;
let receiver: ChaoticReceiver;
let topics: EventStream;
const started: TestService[] = [];

async function start(name: string, dataDir?: string): Promise<TestService> {
  const service = await startService({
    entry: `services/${name}/src/main.ts`,
    env: {
      CADF_KAFKA_BROKERS: kafka?.brokers.join(',') ?? '',
      CADF_KAFKA_REPLICATION: '1',
      CADF_STREAM_PARTITIONS: String(PARTITIONS),
      ...clickHouseSettings(clickHouse),
      CADF_WEBHOOK_ALLOW_PRIVATE: 'true',
      CADF_SUBSCRIPTION_TOPIC_PREFIX: TOPIC,
    },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  started.push(service);
  return service;
}

async function killAndRestart(name: string, service: TestService): Promise<TestService> {
  await service.kill();
  return start(name, service.dataDir);
}

beforeAll(async () => {
  if (kafka === undefined) return;
  topics = createKafkaStream({ brokers: kafka.brokers });
  [clickHouse, receiver] = await Promise.all([startClickHouse(), startChaoticReceiver(seededRandom(SEED))]);
  await topics.createTopics([{ name: TOPIC, partitions: 2, cleanup: 'delete' }]);
}, 120_000);
afterAll(async () => {
  for (const service of started) {
    await service.kill();
    service.clean();
  }
  await (topics as EventStream | undefined)?.close();
  await (receiver as ChaoticReceiver | undefined)?.close();
  await (clickHouse as TestClickHouse | undefined)?.stop();
  await kafka?.stop();
});

async function subscribe(service: TestService, body: object): Promise<void> {
  const response = await service.fetch('/cadf/v1/subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([response.status, await response.json()]).toMatchObject([201, {}]);
}

const hook = (service: TestService, { path, ...asked }: Webhook): Promise<void> =>
  subscribe(service, { type: 'webhook', url: receiver.url + path, ...asked });

/** What the query gives, all versions, by name. */
async function queried(
  service: TestService,
  asked: Asked & { from?: string },
): Promise<Map<string, NumberedEvent>> {
  const found = new Map<string, NumberedEvent>();
  const question = new URLSearchParams({ versions: 'all', limit: '5000' });
  for (const [name, value] of Object.entries(asked)) question.set(name, String(value));
  let path: string | undefined = `/cadf/v1/events?${question}`;
  while (path !== undefined) {
    const response = await service.fetch(path);
    const page = (await response.json()) as { events: NumberedEvent[]; next?: string };
    for (const event of page.events) found.set(event.name, event);
    path = page.next;
  }
  return found;
}

function expectAll(
  what: string,
  given: readonly NumberedEvent[],
  wanted: ReadonlyMap<string, NumberedEvent>,
  sources: readonly NumberedSource[],
): void {
  const names = given.map(({ name }) => name);
  expect(names.toSorted(), `${what}: which events`).toEqual([...wanted.keys()].toSorted());
  for (const event of given) expect(event, what).toEqual(wanted.get(event.name));
  for (const source of sources) expect(orderFault(source, given), `${what}: order`).toBeUndefined();
}

test.skipIf(kafka === undefined)(
  'whatever is killed, moved or fails: all that matches arrives, in order, repeated under the same id only',
  { timeout: TIMEOUT_MS },
  async () => {
    let ingest = await start('ingest');
    let [one, two] = (await Promise.all([start('export'), start('export')])) as [TestService, TestService];
    const [first, second] = (await Promise.all([start('query'), start('query')])) as [
      TestService,
      TestService,
    ];
    for (const webhook of WEBHOOKS) await hook(one, webhook);
    await subscribe(two, { type: 'kafka', topic: TOPIC, filter: ALL, batch: { maxEvents: 50 } });
    const streamPath = `?filter=${encodeURIComponent(ALL)}`;
    const reader = await readLive(first, streamPath);
    await reader.until(() => reader.lastId !== '');

    const sources = [1, 1, 5, 20].map((perBatch, index) =>
      startNumberedSource({
        source: `chaos-${index}`,
        service: () => ingest,
        batches: 250,
        perBatch,
        pauseMs: 150,
        random: seededRandom(SEED + index),
      }),
    );
    const sending = Promise.all(sources.map(({ done }) => done));
    await reader.until(() => reader.messages.length > 50, 'no events came');
    one = await killAndRestart('export', one);
    await sleep(3000);
    ingest = await killAndRestart('ingest', ingest);
    await first.kill();
    const rest = await readLive(second, streamPath, { headers: { 'last-event-id': reader.lastId } });
    const third = await start('export');
    const before = new Set(sources.flatMap(({ sent, perBatch }) => sent.slice(0, -perBatch)));
    await hook(third, LATE);
    const begun = new Set(sources.flatMap(({ sent }) => sent));
    two = await killAndRestart('export', two);
    await sleep(3000);
    ingest = await killAndRestart('ingest', ingest);
    expect(await third.stop()).toBe(0);
    await sending;
    receiver.calmDown();

    const wanted = await allQueried(second, sources);
    // From a time on: of what came before it was made, what is no older; of what came after, everything.
    const late = await queried(second, { filter: LATE.filter ?? '' });
    const since = await queried(second, { filter: LATE.filter ?? '', from: LATE.from ?? '' });
    const wantedLate = (): ReadonlyMap<string, NumberedEvent> => {
      const given = new Set(receiver.delivered(LATE.path).map(({ name }) => name));
      // What was under way when it was made may have been either.
      const isWanted = (name: string): boolean =>
        since.has(name) || !begun.has(name) || (!before.has(name) && given.has(name));
      return new Map([...late].filter(([name]) => isWanted(name)));
    };
    expect(since.size, 'some are older').toBeLessThan(late.size);
    const wantedOf = (path: string): ReadonlyMap<string, NumberedEvent> =>
      path === LATE.path ? wantedLate() : (wanted.get(path) ?? new Map());
    const live = (): NumberedEvent[] =>
      [...reader.messages, ...rest.messages].map(({ data }) => JSON.parse(data) as NumberedEvent);
    const missing = (): string =>
      JSON.stringify([
        ...[...WEBHOOKS, LATE].map(({ path }) => [
          path,
          receiver.delivered(path).length,
          wantedOf(path).size,
        ]),
        ['live', live().length, wantedOf('/all').size],
      ]);
    await until(
      async () =>
        [...WEBHOOKS, LATE].every(({ path }) => receiver.delivered(path).length >= wantedOf(path).size) &&
        live().length >= wantedOf('/all').size &&
        new Set((await readAll(topics, TOPIC)).map(({ headers }) => headers['cadf-position'])).size >=
          wantedOf('/all').size,
      ARRIVAL_MS,
      () => `seed ${SEED}, not all arrived: ${missing()}\n${two.output().slice(-4000)}`,
    );

    for (const { path } of [...WEBHOOKS, LATE]) {
      expectAll(`${path}, seed ${SEED}`, receiver.delivered(path), wantedOf(path), sources);
      expectRepeatedUnderTheSameId(path);
    }
    expectAll(`live, seed ${SEED}`, live(), wantedOf('/all'), sources);
    const records = await readAll(topics, TOPIC);
    const positions = records.map(({ headers }) => headers['cadf-position']);
    expect(new Set(positions).size, `topic, seed ${SEED}: positions`).toBe(positions.length);
    const names = records.map(({ value }) => (JSON.parse(String(value)) as NumberedEvent).name);
    expect(names.toSorted()).toEqual([...wantedOf('/all').keys()].toSorted());
    expect(await two.stop()).toBe(0);
    rest.drop();
  },
);

/** By path, once the store holds everything that was sent. */
async function allQueried(
  service: TestService,
  sources: readonly NumberedSource[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, NumberedEvent>>> {
  const sent = sources.reduce((sum, source) => sum + source.sent.length, 0);
  await until(
    async () => (await queried(service, { filter: ALL })).size === sent,
    ARRIVAL_MS,
    () => `seed ${SEED}: the store does not hold all ${sent}`,
  );
  const found = new Map<string, ReadonlyMap<string, NumberedEvent>>();
  for (const { path, filter, tenant, source } of WEBHOOKS)
    found.set(
      path,
      await queried(service, {
        ...(filter && { filter }),
        ...(tenant && { tenant }),
        ...(source && { source }),
      }),
    );
  return found;
}

function expectRepeatedUnderTheSameId(path: string): void {
  const bodies = new Map<string, string>();
  let last = '';
  for (const { id, body } of receiver.arrivals(path)) {
    // Nothing comes between a batch and its repetitions.
    if (id !== last) expect(bodies.has(id), `${path}: ${id} came again after others`).toBe(false);
    expect(bodies.get(id) ?? body).toBe(body);
    bodies.set(id, body);
    last = id;
  }
}
