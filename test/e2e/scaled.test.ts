/**
 * The scaled shape as it is deployed: two ingest processes that share the partitions, query and export beside them,
 * over a real Kafka and ClickHouse. Processes, broker and store are killed while events flow; what is read back must
 * be what was sent, each event once.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickHouseSettings, startClickHouse } from '../support/clickhouse.ts';
import type { TestClickHouse } from '../support/clickhouse.ts';
import { ndjson, testEvent } from '../support/events.ts';
import { countOf, eventOf, readIds, startFlow } from '../support/flow.ts';
import type { Flow } from '../support/flow.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import type { TestKafka } from '../support/kafka.ts';
import { startService, until, untilReady } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const PARTITIONS = 5;
const ARRIVAL_MS = 60_000;

const kafka = await kafkaOrSkip();
afterAll(() => kafka?.stop());

// Each client has a store of its own. The topics are shared: what one run left there is stored again by the next.
for (const client of ['platformatic', 'kafkajs']) {
  describe.skipIf(kafka === undefined)(`over ${client}`, { timeout: 120_000 }, () => {
    scaledShape(client);
  });
}

function scaledShape(client: string): void {
  /** What does not depend on the client, or is held for each by the contract of streams, is done over one. */
  const isDefault = client === 'platformatic';
  let broker: TestKafka;
  let clickHouse: TestClickHouse;
  const started: TestService[] = [];
  let ingests: TestService[] = [];
  let query: TestService;
  let exporter: TestService;

  async function start(name: string): Promise<TestService> {
    const service = await startService({
      entry: `services/${name}/src/main.ts`,
      env: {
        CADF_KAFKA_BROKERS: broker.brokers.join(','),
        CADF_KAFKA_CLIENT: client,
        // Members of one group that leave at once, with kafkajs, may wait for each other as long as their session.
        CADF_SHUTDOWN_TIMEOUT: '60s',
        CADF_KAFKA_REPLICATION: '1',
        CADF_STREAM_PARTITIONS: String(PARTITIONS),
        ...clickHouseSettings(clickHouse),
      },
    });
    started.push(service);
    return service;
  }

  beforeAll(async () => {
    if (kafka === undefined) return;
    broker = kafka;
    clickHouse = await startClickHouse();
    // All at once: they share the migrations, the topics and the control state from the first moment on.
    const [first, second, ...others] = await Promise.all(['ingest', 'ingest', 'query', 'export'].map(start));
    ingests = [first, second].filter((service) => service !== undefined);
    [query, exporter] = others as [TestService, TestService];
  });
  afterAll(async () => {
    for (const service of started) {
      await service.kill();
      service.clean();
    }
    await (clickHouse as TestClickHouse | undefined)?.stop();
  });

  const notAll = (sent: number): string =>
    `not all of ${sent} arrived\n${ingests.map((service) => service.output().slice(-3000)).join('\n')}`;

  /** Waits until all of a flow can be read, and compares id by id. */
  async function expectAllOnce(flow: Flow, tenant: string): Promise<void> {
    await until(
      async () => (await countOf(query, tenant)) >= flow.sent.size,
      ARRIVAL_MS,
      () => notAll(flow.sent.size),
    );
    const seen = await readIds(query, tenant);
    expect({
      missing: [...flow.sent].filter((id) => !seen.has(id)),
      foreign: [...seen.keys()].filter((id) => !flow.sent.has(id)),
      twice: [...seen].filter(([, times]) => times > 1),
      count: await countOf(query, tenant),
    }).toEqual({ missing: [], foreign: [], twice: [], count: flow.sent.size });
  }

  const post = (service: TestService, events: readonly unknown[], headers = {}): Promise<Response> =>
    service.fetch('/cadf/v1/events?source=nova', {
      method: 'POST',
      body: ndjson(events),
      headers: { 'content-type': 'application/x-ndjson', ...headers },
    });

  const ingest = (index: number): TestService => {
    const service = ingests[index];
    if (service === undefined) throw new Error(`no ingest ${index}`);
    return service;
  };

  test('each service answers what it is for', async () => {
    for (const service of [...ingests, query, exporter]) {
      // A group that takes in its second member may have trouble for as long as that takes.
      await untilReady(service, ARRIVAL_MS);
      expect((await service.fetch('/metrics')).status).toBe(200);
    }
    for (const service of [query, exporter])
      expect((await post(service, [testEvent()])).status).toBe(service === query ? 405 : 404);
    expect((await ingest(0).fetch('/cadf/v1/count')).status).toBe(404);
  });

  test('a key made through one process works in all, and ends in all', async () => {
    const made = await ingest(0).fetch('/cadf/v1/admin/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'everywhere', roles: ['submit', 'query'], tenants: '*' }),
    });
    const { id, token } = (await made.json()) as { id: string; token: string };
    const verdicts = async (): Promise<number[]> => [
      (await query.fetch('/cadf/v1/count', { key: token })).status,
      (await ingest(1).fetch('/cadf/v1/events', { method: 'POST', key: token })).status,
    ];
    // 400: the body is empty, so the key was good.
    await until(async () => (await verdicts()).join() === '200,400', 5000);
    await ingest(1).fetch(`/cadf/v1/admin/keys/${id}/revoke`, { method: 'POST' });
    await until(async () => (await verdicts()).join() === '401,401', 5000);
  });

  test('the same events sent to both at once are read once', async () => {
    const tenant = `both-${client}`;
    const events = Array.from({ length: 3000 }, () => eventOf(tenant));
    for (let from = 0; from < events.length; from += 500) {
      const batch = events.slice(from, from + 500);
      const answers = await Promise.all(ingests.map((service) => post(service, batch)));
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    }
    await until(
      async () => (await countOf(query, tenant)) >= events.length,
      ARRIVAL_MS,
      () => notAll(events.length),
    );
    // Repeats stand behind the first ones in the stream: wait for something that stands behind them all.
    await behindAll();
    expect(await countOf(query, tenant)).toBe(events.length);
    const seen = await readIds(query, tenant);
    expect(new Set(seen.values())).toEqual(new Set([1]));
    expect(seen.size).toBe(events.length);
  });

  if (isDefault) {
    test('pending and final through different processes are one event', async () => {
      const tenant = `versions-${client}`;
      const pending = Array.from({ length: 200 }, () => eventOf(tenant, { outcome: 'pending' }));
      await post(ingest(0), pending);
      await post(
        ingest(1),
        pending.map((event) => ({ ...event, outcome: 'success' })),
      );
      await behindAll();
      const response = await query.fetch(`/cadf/v1/events?tenant=${tenant}&limit=1000`);
      const { events } = (await response.json()) as { events: { id: string; outcome: string }[] };
      expect(events.map(({ id }) => id).toSorted()).toEqual(pending.map(({ id }) => id).toSorted());
      expect(new Set(events.map(({ outcome }) => outcome))).toEqual(new Set(['success']));
      expect(await countOf(query, tenant)).toBe(pending.length);
    });

    test('an Idempotency-Key is known to both', async () => {
      const event = eventOf('idempotent');
      await until(async () => {
        const headers = { 'idempotency-key': crypto.randomUUID() };
        const first = await (await post(ingest(0), [event], headers)).text();
        // The answers are followed within moments, not in the same one.
        await new Promise((resume) => setTimeout(resume, 300));
        const other = await post(ingest(1), [testEvent()], headers);
        const again = await post(ingest(1), [event], headers);
        return other.status === 409 && (await again.text()) === first;
      });
    });

    test('an ingest killed under load and replaced loses and doubles nothing', async () => {
      const tenant = `killed-${client}`;
      const flow = startFlow({ services: () => ingests, tenant, events: 30_000, pauseMs: 50 });
      await until(async () => (await countOf(query, tenant)) > 0, ARRIVAL_MS);
      const killed = ingest(1);
      await killed.kill();
      killed.clean();
      const before = flow.acknowledged();
      await until(async () => flow.acknowledged() > Math.min(before + 2000, 29_999), ARRIVAL_MS);
      ingests = [ingest(0), await start('ingest')];
      await flow.done;
      expect(flow.repeated()).toBeGreaterThan(0);
      await expectAllOnce(flow, tenant);
    });

    test('a store that is killed and comes back has everything, once', async () => {
      const tenant = `store-${client}`;
      // Something is stored before and much is still to come.
      await post(ingest(0), [eventOf(`first-${tenant}`)]);
      await until(async () => (await countOf(query, `first-${tenant}`)) === 1, ARRIVAL_MS);
      const flow = startFlow({ services: () => ingests, tenant, events: 30_000, pauseMs: 50 });
      await until(async () => (await countOf(query, tenant)) > 0, ARRIVAL_MS);
      await clickHouse.kill();
      expect((await query.fetch('/readyz')).status).toBe(503);
      const unread = await query.fetch('/cadf/v1/count');
      expect(unread.status).toBe(503);
      expect(await unread.json()).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
      // Submissions are taken all the same: the stream holds them.
      const before = flow.acknowledged();
      await until(async () => flow.acknowledged() > Math.min(before + 2000, 29_999), ARRIVAL_MS);
      // Long enough for several attempts of the writers.
      await new Promise((resume) => setTimeout(resume, 2000));
      await clickHouse.restart();
      await flow.done;
      await expectAllOnce(flow, tenant);
      await untilReady(query);
    });
  }

  test.skipIf(kafka?.controllable === false)('a broker that is away for a while costs nothing', async () => {
    const tenant = `broker-${client}`;
    const flow = startFlow({ services: () => ingests, tenant, events: 12_000 });
    await until(async () => flow.acknowledged() > 2000, ARRIVAL_MS);
    await broker.kill();
    const atKill = flow.acknowledged();
    await new Promise((resume) => setTimeout(resume, 5000));
    // What was under way when it went may have been answered; nothing is said to be durable after that.
    expect(flow.acknowledged()).toBeLessThanOrEqual(atKill + 4 * 250);
    await broker.restart();
    await flow.done;
    await expectAllOnce(flow, tenant);
    for (const service of [...ingests, query, exporter]) await untilReady(service, ARRIVAL_MS);
  });

  test('all stop in order', async () => {
    expect(await Promise.all([...ingests, query, exporter].map((service) => service.stop()))).toEqual([
      0, 0, 0, 0,
    ]);
  });

  /** Resolves when what was submitted before is in the store: later events are, in every partition. */
  async function behindAll(): Promise<void> {
    const tenant = `mark-${crypto.randomUUID()}`;
    const marks = Array.from({ length: 200 }, () => eventOf(tenant));
    await post(ingest(0), marks);
    await until(async () => (await countOf(query, tenant)) === marks.length, ARRIVAL_MS);
  }
}
