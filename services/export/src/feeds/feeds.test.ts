import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { directoryReader, verifyPlace } from '@cadf-pipeline/federation';
import { expect, onTestFinished, test } from 'vitest';
import { BEGIN_MS, eventAt, startFeedApp } from './feed-app.test-support.ts';
import type { FeedApp, Reply } from './feed-app.test-support.ts';

interface Listed {
  readonly sequence: number;
  readonly late: boolean;
  readonly count: number;
  readonly period: { readonly from: string | null; readonly to: string };
  readonly files: readonly { readonly name: string; readonly role?: string }[];
}

/** Resolves when the feed has so many segments. */
async function segments(app: FeedApp, id: string, least: number, key = 'owner'): Promise<readonly Listed[]> {
  let found: readonly Listed[] = [];
  await expect
    .poll(
      async () => {
        const { body } = await app.call(key, `GET feeds/${id}/segments`);
        found = body['segments'] as Listed[];
        return found.length;
      },
      { timeout: 5000, interval: 10 },
    )
    .toBeGreaterThanOrEqual(least);
  return found;
}

async function texts(app: FeedApp, id: string, { files }: Listed, key = 'owner'): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, role } of files) {
    if (role === 'origins') continue;
    const { bytes } = await app.call(key, `GET feeds/${id}/segments/${name}`);
    found.push(...gunzipSync(bytes).toString('utf8').split('\n').slice(0, -1));
  }
  return found;
}

async function status(app: FeedApp, id: string): Promise<Record<string, unknown>> {
  return (await app.call('owner', `GET feeds/${id}`)).body['status'] as Record<string, unknown>;
}

/** What the recipient has: every file of the feed in a directory. */
async function pull(app: FeedApp, id: string, key = 'owner'): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'pulled-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const take = async (name: string): Promise<void> => {
    const { bytes, status: code } = await app.call(key, `GET feeds/${id}/segments/${name}`);
    expect([name, code]).toEqual([name, 200]);
    writeFileSync(join(directory, name), bytes);
  };
  for (const { files, sequence } of await segments(app, id, 1, key)) {
    const number = String(sequence).padStart(12, '0');
    for (const { name } of files) await take(name);
    await take(`${number}.manifest.json`);
    await take(`${number}.manifest.jws`);
  }
  await take('head.jws');
  return directory;
}

const made = (reply: Reply): void =>
  expect([reply.verdict, reply.body['detail']]).toEqual(['201', undefined]);

test('a period becomes a segment, late events one of their own, an empty one is said, and all of it verifies', async () => {
  const app = await startFeedApp();
  await app.key('owner');
  await app.accept([{ event: eventAt('before', BEGIN_MS) }]);
  made(await app.call('owner', 'POST feeds', { id: 'f', filter: "action = 'update'" }));
  await app.accept([
    { event: eventAt('in-time', BEGIN_MS + 1), source: 'nova' },
    { event: eventAt('other', BEGIN_MS + 1), tenants: ['b'] },
    { event: eventAt('late', BEGIN_MS - 3_600_000), source: 'glance' },
  ]);
  app.pass(60_000);
  const first = await segments(app, 'f', 2);
  expect(first.map(({ count, late, period }) => [count, late, period.from, period.to])).toEqual([
    [1, false, '2026-11-01T12:00:00.250Z', '2026-11-01T12:01:00.000Z'],
    [1, true, '2026-11-01T12:00:00.250Z', '2026-11-01T12:01:00.000Z'],
  ]);
  const [inTime, late] = [await texts(app, 'f', first[0]!), await texts(app, 'f', first[1]!)];
  expect(inTime.join()).toContain('"id":"in-time"');
  expect(late.join()).toContain('"id":"late"');
  expect(JSON.parse(inTime[0]!)).toMatchObject({
    reporterchain: [{ role: 'relay', reporter: { id: app.issuer }, reporterTime: expect.any(String) }],
  });
  const origins = first[0]!.files.find(({ role }) => role === 'origins')!;
  expect(String((await app.call('owner', `GET feeds/f/segments/${origins.name}`)).bytes)).toBe(
    '{"source":"nova","count":1}\n',
  );

  app.pass(60_000);
  const [, , empty] = await segments(app, 'f', 3);
  expect(empty).toMatchObject({ count: 0, late: false, files: [] });
  const report = await verifyPlace(directoryReader(await pull(app, 'f')), {
    keys: await app.keys(),
    settleMs: 0,
  });
  expect(report).toMatchObject({ segments: 3, events: 2, issuer: app.issuer, final: false });
  expect(report.fault).toBeUndefined();
  // What is on the disk of the service verifies as well.
  const { body } = await app.call('owner', 'GET feeds/f');
  const here = await verifyPlace(directoryReader(join(app.files, String(body['chain']))), {
    keys: await app.keys(),
    settleMs: 0,
  });
  expect([here.segments, here.fault]).toEqual([3, undefined]);
  expect(await status(app, 'f')).toMatchObject({
    state: 'running',
    sequence: 3,
    events: 2,
    late: 1,
    lagSeconds: 0,
  });
});
