/**
 * Subscriptions and exports in the scaled shape: two export processes share them over a real Kafka and ClickHouse, and one
 * takes over when the other is killed.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clickHouseSettings, startClickHouse } from '../support/clickhouse.ts';
import type { TestClickHouse } from '../support/clickhouse.ts';
import { ndjson, testEvent } from '../support/events.ts';
import { askExport, exportEnded, linesOf, readExport, savedExport } from '../support/exported.ts';
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
const exportDir = mkdtempSync(join(tmpdir(), 'cadf-exports-'));
/** By chance all of few would be of the one that is not killed. */
const EXPORTS = 8;

async function start(name: string): Promise<TestService> {
  const service = await startService({
    entry: `services/${name}/src/main.ts`,
    env: {
      CADF_KAFKA_BROKERS: kafka?.brokers.join(',') ?? '',
      CADF_KAFKA_REPLICATION: '1',
      CADF_STREAM_PARTITIONS: '3',
      ...clickHouseSettings(clickHouse),
      CADF_WEBHOOK_ALLOW_PRIVATE: 'true',
      CADF_EXPORT_DIR: exportDir,
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
  rmSync(exportDir, { recursive: true, force: true });
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
    // Small files, so that they take a while.
    const asked = { format: 'cadf-ndjson', source: 'nova', split: { maxEvents: 6 } };
    const exports = await Promise.all(Array.from({ length: EXPORTS }, () => askExport(one, asked)));
    const ledgers = (id: string): number => filesOf(id).filter((name) => name.endsWith('.ledger')).length;
    // More are begun and have files than the other does.
    await until(async () => {
      const states = await Promise.all(exports.map((id) => readExport(one, id)));
      const begun = states.filter(({ progress, status }) => status === 'running' && progress.events > 0);
      const metrics = await (await two.fetch('/metrics')).text();
      const others = Number(/cadf_exports\{state="running"\} (\d+)/.exec(metrics)?.[1]);
      return begun.length > others;
    });
    await one.kill();
    for (let round = 0; round < 5; round++) await submit();
    await arrived();
    for (const tenant of tenants) expect(receiver.delivered(`/${tenant}`)).toEqual(ids.get(tenant));
    const bodies = new Map<string, string>();
    for (const { body, id } of receiver.received) {
      expect(bodies.get(id) ?? body.toString()).toBe(body.toString());
      bodies.set(id, body.toString());
    }
    for (const id of exports) {
      const done = await exportEnded(two, id, undefined, TAKEOVER_MS);
      expect([done.status, done.failure]).toEqual(['done', undefined]);
      const found = linesOf((await savedExport(two, done)).contents);
      // At least what was submitted before the first one was asked for; nothing twice.
      expect([found.length, new Set(found).size]).toEqual([done.progress.total, found.length]);
    }
    expect(Math.max(...exports.map(ledgers))).toBe(2);
    expect(await two.stop()).toBe(0);
  },
);

function filesOf(id: string): readonly string[] {
  try {
    return readdirSync(join(exportDir, id));
  } catch {
    return [];
  }
}
