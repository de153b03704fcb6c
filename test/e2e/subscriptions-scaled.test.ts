/**
 * Subscriptions in the scaled shape: two export processes share them over a real Kafka and ClickHouse, and one takes
 * over when the other is killed.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clickHouseSettings, startClickHouse } from '../support/clickhouse.ts';
import type { TestClickHouse } from '../support/clickhouse.ts';
import { ndjson, testEvent } from '../support/events.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import type { WebhookReceiver } from '../support/webhook-receiver.ts';

const SUBSCRIPTIONS = 12;
/** The session of the one that was killed has to end first: 30 s. */
const TAKEOVER_MS = 120_000;

const kafka = await kafkaOrSkip();
let clickHouse: TestClickHouse;
let receiver: WebhookReceiver;
const started: TestService[] = [];

async function start(name: string): Promise<TestService> {
  const service = await startService({
    entry: `services/${name}/src/main.ts`,
    env: {
      CADF_KAFKA_BROKERS: kafka?.brokers.join(',') ?? '',
      CADF_KAFKA_REPLICATION: '1',
      CADF_STREAM_PARTITIONS: '3',
      ...clickHouseSettings(clickHouse),
      CADF_WEBHOOK_ALLOW_PRIVATE: 'true',
    },
  });
  started.push(service);
  return service;
}

beforeAll(async () => {
  if (kafka === undefined) return;
  [clickHouse, receiver] = await Promise.all([startClickHouse(), startWebhookReceiver()]);
}, 90_000);
afterAll(async () => {
  for (const service of started) {
    await service.kill();
    service.clean();
  }
  await (receiver as WebhookReceiver | undefined)?.close();
  await (clickHouse as TestClickHouse | undefined)?.stop();
  await kafka?.stop();
});

test.skipIf(kafka === undefined)(
  'of two processes one takes over what the other delivered: all arrive in order, repeated under the same id only',
  { timeout: 300_000 },
  async () => {
    const ingest = await start('ingest');
    const [one, two] = await Promise.all([start('export'), start('export')]);
    if (one === undefined || two === undefined) throw new Error('two were started');
    const tenants = Array.from({ length: SUBSCRIPTIONS }, () => randomUUID());
    const ids = new Map<string, string[]>(tenants.map((tenant) => [tenant, []]));
    for (const tenant of tenants) {
      const response = await one.fetch('/cadf/v1/subscriptions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          type: 'webhook',
          url: `${receiver.url}/${tenant}`,
          tenant,
          batch: { maxEvents: 10 },
        }),
      });
      expect(response.status).toBe(201);
    }

    async function submit(): Promise<void> {
      const events = tenants.flatMap((tenant) =>
        Array.from({ length: 10 }, () => {
          const initiator = { id: 'i', typeURI: 'data/security/account/user', project_id: tenant };
          const event = testEvent({ initiator });
          ids.get(tenant)?.push(event.id);
          return event;
        }),
      );
      const response = await ingest.fetch('/cadf/v1/events?source=nova', {
        method: 'POST',
        body: ndjson(events),
        headers: { 'content-type': 'application/x-ndjson' },
      });
      expect(await response.json()).toMatchObject({ accepted: events.length });
    }
    const arrived = (): Promise<void> =>
      until(
        async () => tenants.every((t) => receiver.delivered(`/${t}`).length >= (ids.get(t)?.length ?? 0)),
        TAKEOVER_MS,
        () =>
          `not all arrived: ${JSON.stringify(tenants.map((t) => [receiver.delivered(`/${t}`).length, ids.get(t)?.length]))}\n${two.output().slice(-4000)}`,
      );

    await submit();
    await arrived();
    const both = async (): Promise<boolean> => {
      const counts = await Promise.all(
        [one, two].map(async (service) => (await service.fetch('/metrics')).text()),
      );
      return counts.every((text) => /cadf_subscriptions\{state="active"\} [1-9]/.test(text));
    };
    await until(both, TAKEOVER_MS, () => 'the two do not share the subscriptions');
    for (let round = 0; round < 5; round++) await submit();
    // In the midst of it.
    await one.kill();
    for (let round = 0; round < 5; round++) await submit();
    await arrived();
    for (const tenant of tenants) expect(receiver.delivered(`/${tenant}`)).toEqual(ids.get(tenant));
    const bodies = new Map<string, string>();
    for (const { body, id } of receiver.received) {
      expect(bodies.get(id) ?? body.toString()).toBe(body.toString());
      bodies.set(id, body.toString());
    }
    expect(await two.stop()).toBe(0);
  },
);
