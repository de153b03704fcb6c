/** `GET /cadf/v1/sources`: how the records of each source ended, also after a restart; silence becomes an event. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const captured = readFileSync(join(root, 'fixtures/libvirt-audit.log'));
const unmapped =
  'type=VIRT_CONTROL msg=audit(1795201399.184:900): pid=1 uid=0 auid=4294967295 ses=4294967295 msg=\'virt=kvm op=levitate reason=magic vm="db01" uuid=0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9 vm-pid=1 exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success\'\n';

interface Summary {
  readonly id: string;
  readonly records: Readonly<Record<string, number>>;
  readonly lastSeen?: string;
  readonly unmapped: number;
  readonly unmappedRate: number;
  readonly topUnmapped: readonly { readonly operation: string; readonly count: number }[];
  readonly ignoredByRule: readonly { readonly rule: string; readonly count: number }[];
  readonly silent?: boolean;
}

let service = await startService();
const { dataDir } = service;
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function register(id: string, more: object = {}): Promise<void> {
  const response = await service.fetch(`/cadf/v1/admin/sources/${id}`, {
    method: 'PUT',
    body: JSON.stringify({ type: 'libvirt-audit', name: id, ...more }),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.ok, await response.text()).toBe(true);
}

async function summaryOf(on: TestService, id: string): Promise<Summary | undefined> {
  const answer = (await (await on.fetch('/cadf/v1/sources')).json()) as { sources: Summary[] };
  return answer.sources.find((source) => source.id === id);
}

test('counts are those of the answers, name what is not mapped, and go on after a restart', async () => {
  await register('counted');
  const send = async (body: Buffer<ArrayBuffer>): Promise<Record<string, number>> =>
    (await (
      await service.fetch('/cadf/v1/sources/counted/records', {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain' },
      })
    ).json()) as Record<string, number>;
  const body = Buffer.concat([
    captured,
    Buffer.from(`${unmapped}no audit record\ntype=CWD msg=audit(1.000:1): cwd="/"\n`),
  ]);
  const first = await send(body);
  const second = await send(body);
  const sum = (name: string): number => (first[name] ?? 0) + (second[name] ?? 0);
  const expected = {
    accepted: sum('accepted'),
    duplicate: sum('duplicates'),
    rejected: 0,
    deadLettered: 2,
    ignored: sum('ignored'),
  };
  await until(async () => (await summaryOf(service, 'counted'))?.records['deadLettered'] === 2);
  const summary = await summaryOf(service, 'counted');
  expect(summary?.records).toEqual(expected);
  expect(summary?.unmapped).toBe(2);
  expect(summary?.unmappedRate).toBeCloseTo(2 / (expected.accepted + expected.duplicate));
  expect(summary?.topUnmapped).toEqual([{ operation: 'VIRT_CONTROL op=levitate reason=magic', count: 2 }]);
  expect(summary?.ignoredByRule.reduce((total, { count }) => total + count, 0)).toBe(expected.ignored);
  expect(Date.parse(summary?.lastSeen ?? '')).toBeGreaterThan(Date.now() - 600_000);

  await service.stop();
  service = await startService({ dataDir });
  expect((await summaryOf(service, 'counted'))?.records).toEqual(expected);
});

test('a source that is silent for longer than it may be becomes a monitor event, once', async () => {
  await register('quiet', { silentAfterSeconds: 10 });
  const events = async (): Promise<readonly { readonly name: string; readonly target: { id: string } }[]> => {
    const answer = await service.fetch('/cadf/v1/events?limit=1000');
    const { events: all } = (await answer.json()) as { events: { name: string; target: { id: string } }[] };
    return all.filter(({ name }) => name === 'source silent');
  };
  await until(async () => (await events()).length > 0, 40_000);
  expect(await events()).toMatchObject([
    { action: 'monitor', eventType: 'monitor', target: { id: 'quiet' }, outcome: 'failure' },
  ]);
  expect((await summaryOf(service, 'quiet'))?.silent).toBe(true);
});
