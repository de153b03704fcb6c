/** Managed subscriptions over HTTP, through the embedded process and real webhooks. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import type { WebhookReceiver } from '../support/webhook-receiver.ts';

/** Not the events of the system about what is done to keys and subscriptions. */
const MACHINES = "target/typeURI = 'compute/machine'";
const ENV = { CADF_WEBHOOK_ALLOW_PRIVATE: 'true' };
let service: TestService;
let receiver: WebhookReceiver;

beforeAll(async () => {
  [service, receiver] = await Promise.all([startService({ env: ENV }), startWebhookReceiver()]);
}, 90_000);
afterAll(async () => {
  await service.kill();
  service.clean();
  await receiver.close();
});

async function subscribe(body: object, key?: string): Promise<{ id: string; path: string }> {
  const path = `/${randomUUID()}`;
  const response = await service.fetch('/cadf/v1/subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'webhook', url: receiver.url + path, ...body }),
    ...(key === undefined ? {} : { key }),
  });
  const made = (await response.json()) as { id: string };
  expect([response.status, made]).toMatchObject([201, {}]);
  return { id: made.id, path };
}

async function submit(tenant: string, count: number, changes: object = {}): Promise<readonly string[]> {
  const events = Array.from({ length: count }, () =>
    testEvent({
      initiator: { id: 'i', typeURI: 'data/security/account/user', name: 'ada', project_id: tenant },
      ...changes,
    }),
  );
  const response = await service.fetch('/cadf/v1/events?source=nova', {
    method: 'POST',
    body: ndjson(events),
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(await response.json()).toMatchObject({ accepted: count });
  return events.map(({ id }) => id);
}

async function deliveryOf(id: string): Promise<Record<string, unknown>> {
  const response = await service.fetch(`/cadf/v1/subscriptions/${id}`);
  return ((await response.json()) as { delivery: Record<string, unknown> }).delivery;
}

const arrived = (path: string, ids: readonly string[]): Promise<void> =>
  until(
    async () => receiver.delivered(path).length >= ids.length,
    30_000,
    () =>
      `only ${receiver.delivered(path).length} of ${ids.length} arrived\n${service.output().slice(-3000)}`,
  );

test('what is submitted arrives, in order, and nothing of others', { timeout: 60_000 }, async () => {
  const tenant = randomUUID();
  const { id, path } = await subscribe({ tenant, filter: "outcome = 'failure'" });
  await submit(tenant, 20);
  const ids = await submit(tenant, 250, { outcome: 'failure' });
  await submit(randomUUID(), 20, { outcome: 'failure' });
  await arrived(path, ids);
  expect(receiver.delivered(path)).toEqual(ids);
  await until(async () => (await deliveryOf(id))['delivered'] === 250);
});

test('a replay from the past gives all stored ones, then what comes', { timeout: 60_000 }, async () => {
  const tenant = randomUUID();
  const before = await submit(tenant, 30);
  const { path } = await subscribe({ tenant, from: '2026-10-01T00:00:00Z' });
  await arrived(path, before);
  const after = await submit(tenant, 30, { eventTime: '2020-01-01T00:00:00+00:00' });
  await arrived(path, [...before, ...after]);
  expect(receiver.delivered(path)).toEqual([...before, ...after]);
});

test(
  'killed while events flow and receivers fail: all arrive in order, repeated under the same id only',
  {
    timeout: 120_000,
  },
  async () => {
    const tenant = randomUUID();
    const { path } = await subscribe({ tenant, batch: { maxEvents: 20 } });
    const broken = new Set<string>();
    // Every tenth batch is lost on the way once.
    receiver.answer = (batch) => {
      if (batch.path !== path || broken.has(batch.id)) return 200;
      broken.add(batch.id);
      return broken.size % 10 === 9 ? undefined : 200;
    };
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) ids.push(...(await submit(tenant, 20)));
      await service.kill();
      service = await startService({ env: ENV, dataDir: service.dataDir });
    }
    receiver.answer = () => 200;
    await arrived(path, ids);
    expect(receiver.delivered(path)).toEqual(ids);
    const batches = new Map<string, string>();
    for (const { body, events, id } of receiver.received.filter((batch) => batch.path === path)) {
      expect(batches.get(id) ?? body.toString()).toBe(body.toString());
      batches.set(id, body.toString());
      expect(events.length).toBeLessThanOrEqual(20);
    }
  },
);

test('a revoked right stops deliveries at once', { timeout: 60_000 }, async () => {
  const tenant = randomUUID();
  const response = await service.fetch('/cadf/v1/admin/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tenant', roles: ['query'], tenants: [tenant] }),
  });
  const { id: keyId, token } = (await response.json()) as { id: string; token: string };
  const { id, path } = await subscribe({ filter: MACHINES }, token);
  const ids = await submit(tenant, 10);
  await arrived(path, ids);
  await service.fetch(`/cadf/v1/admin/keys/${keyId}/revoke`, { method: 'POST' });
  await submit(tenant, 10);
  const witness = await subscribe({ tenant, filter: MACHINES, from: '2026-10-01T00:00:00Z' });
  await until(async () => receiver.delivered(witness.path).length === 20, 30_000);
  expect(receiver.delivered(path)).toEqual(ids);
  expect((await deliveryOf(id))['state']).toBe('waiting');
});
