/** The client with the whole service: through connections that break, processes that are killed, rights that end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientError, createClient } from '@cadf-pipeline/client';
import type { Client } from '@cadf-pipeline/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startBreakingProxy } from '../support/breaking-proxy.ts';
import { testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const submitting = fileURLToPath(new URL('../support/submit-until-killed.ts', import.meta.url));

let service: TestService;
let client: Client;

beforeAll(async () => {
  service = await startService();
  client = createClient({ url: service.url, key: service.key });
});
afterAll(async () => {
  await service.stop();
  service.clean();
});

async function take<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return take(items, Infinity);
}

/** Runs the submitting process; kills it once so many events are safe, where that is told. Answers which are. */
async function submit(
  commandLine: readonly string[],
  killAfter = Infinity,
): Promise<{ readonly safe: readonly number[]; readonly done: boolean }> {
  const child = spawn(process.execPath, [submitting, ...commandLine], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const lines = output.split('\n').slice(0, -1);
  return { safe: lines.filter((line) => line !== 'done').map(Number), done: lines.includes('done') };
}

describe('the client', () => {
  test('submits, counts, pages through and streams events, and reads one', async () => {
    const events = Array.from({ length: 120 }, (_, at) =>
      testEvent({ target: { id: 't', typeURI: 'compute/machine', name: `paged-${at}` } }),
    );
    const submitter = client.submitter();
    const outcomes = await Promise.all(
      [...events, events[7]!, testEvent({ id: '' })].map((event) => submitter.add(event)),
    );
    await submitter.close();
    expect(submitter.counts).toEqual({ accepted: 120, duplicates: 1, rejected: 1 });
    expect(outcomes.at(-1)).toMatchObject({
      status: 'rejected',
      code: expect.stringMatching(/^CADF_/) as string,
    });
    const question = { filter: "target/name ^= 'paged-'" };
    await until(async () => (await client.count(question)) === 120);
    const ids = events.map(({ id }) => id).toSorted();
    const paged = await all(client.events({ ...question, pageSize: 50 }));
    expect(paged.map(({ id }) => String(id)).toSorted()).toEqual(ids);
    const texts = await all(client.eventTexts(question));
    expect(texts.toSorted()).toEqual(events.map((event) => JSON.stringify(event)).toSorted());
    expect(await client.event(ids[0]!)).toMatchObject({ id: ids[0] });
    await expect(client.event('no-such')).rejects.toMatchObject({
      code: 'QUERY_EVENT_NOT_FOUND',
      status: 404,
    });
    await expect(client.count({ filter: 'outcome =' })).rejects.toMatchObject({
      code: 'QUERY_FILTER_INVALID',
    });
  });

  test('loses no spooled event when its process is killed, and the service has each once', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'cadf-spool-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const proxy = await startBreakingProxy(service.url, () =>
      Math.random() < 0.3 ? Math.floor(Math.random() * 300) : undefined,
    );
    onTestFinished(() => proxy.close());
    const safe: number[] = [];
    for (const [round, killAfter] of [150, 320, 60].entries()) {
      const run = await submit([proxy.url, service.key, dir, `${round * 1000}`, '900'], killAfter);
      safe.push(...run.safe);
    }
    const last = await submit([proxy.url, service.key, dir, '3000', '100']);
    expect(last.done).toBe(true);
    safe.push(...last.safe);
    expect(safe.length).toBeGreaterThan(600);
    const found = async (): Promise<string[]> =>
      (await all(client.events({ filter: "id ^= 'spooled-'" }))).map(({ id }) => String(id));
    await until(async () => new Set(await found()).size >= safe.length, 60_000);
    const ids = await found();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(safe.map((number) => `spooled-${number}`)));
    // In the store each has one version: what was sent again was known.
    expect(await client.count({ filter: "id ^= 'spooled-'", versions: 'all' })).toBe(ids.length);
  }, 300_000);

  test('ends a subscription by an error when the key is revoked, also one that waits', async () => {
    const key = { id: 'live-reader', name: 'Reader', roles: ['query'], tenants: ['project-a'] };
    const made = await service.fetch('/cadf/v1/admin/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(key),
    });
    const { token } = (await made.json()) as { readonly token: string };
    // Not the event about the key itself.
    const subscription = createClient({ url: service.url, key: token }).subscribe({
      filter: "action = 'read'",
    });
    const ended = take(subscription, 1).catch((error: unknown) => error);
    await until(async () => subscription.cursor !== undefined);
    await service.fetch('/cadf/v1/admin/keys/live-reader/revoke', { method: 'POST' });
    const error = await ended;
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ retryable: false });
  }, 120_000);
});

describe('a subscription', () => {
  test('gives every event once and in order, though connections break and the service is killed', async () => {
    let own = await startService();
    onTestFinished(async () => {
      await own.stop();
      own.clean();
    });
    const proxy = await startBreakingProxy(own.url, () => 20_000 + Math.floor(Math.random() * 40_000));
    onTestFinished(() => proxy.close());
    const through = createClient({ url: proxy.url, key: own.key });
    const count = 400;
    const before = Array.from({ length: count }, (_, at) =>
      testEvent({ id: `before-${at}`, action: 'read' }),
    );
    const after = Array.from({ length: count }, (_, at) => testEvent({ id: `live-${at}`, action: 'read' }));
    const noise = testEvent({ action: 'delete' });
    const submitter = through.submitter({ batch: { maxEvents: 20, maxWaitMs: 5 } });
    await Promise.all([...before, noise].map((event) => submitter.add(event)));
    const subscription = through.subscribe({ filter: "action = 'read'", from: '2026-11-01T00:00:00Z' });
    const taking = take(subscription, 2 * count);
    const sent = Promise.all(after.slice(0, 200).map((event) => submitter.add(event)));
    await sent;

    await own.kill();
    own = await startService({ dataDir: own.dataDir });
    proxy.lead(own.url);
    await Promise.all(after.slice(200).map((event) => submitter.add(event)));
    const taken = await taking;
    expect(taken.map(({ event }) => event['id'])).toEqual([...before, ...after].map(({ id }) => id));
    expect(taken.map(({ text }) => text)).toEqual(
      [...before, ...after].map((event) => JSON.stringify(event)),
    );
    expect(proxy.broken).toBeGreaterThan(5);
    await submitter.close();

    // From the cursor of one of them, on: what came after it.
    const { cursor } = taken[599]!;
    const direct = createClient({ url: own.url, key: own.key });
    const rest = await take(direct.subscribe({ filter: "action = 'read'", cursor }), 200);
    expect(rest.map(({ event }) => event['id'])).toEqual(after.slice(200).map(({ id }) => id));
    // A cursor is for the question it was given for.
    const other = direct.subscribe({ filter: "action = 'delete'", cursor });
    await expect(take(other, 1)).rejects.toMatchObject({ code: 'QUERY_CURSOR_INVALID' });
  }, 300_000);
});
