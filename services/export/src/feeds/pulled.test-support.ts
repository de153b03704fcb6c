/** What a recipient does with a feed, for tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { directoryReader, verifyPlace } from '@cadf-pipeline/federation';
import type { VerifyReport } from '@cadf-pipeline/federation';
import { expect, onTestFinished } from 'vitest';
import type { FeedApp, Reply } from './feed-app.test-support.ts';

export interface Listed {
  readonly sequence: number;
  readonly late: boolean;
  readonly count: number;
  readonly period: { readonly from: string | null; readonly to: string };
  readonly files: readonly { readonly name: string; readonly role?: string }[];
}

/** Resolves when the feed has so many segments. */
export async function segments(
  app: FeedApp,
  id: string,
  least: number,
  key = 'owner',
): Promise<readonly Listed[]> {
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

export async function texts(
  app: FeedApp,
  id: string,
  { files }: Listed,
  key = 'owner',
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, role } of files) {
    if (role === 'origins') continue;
    const { bytes } = await app.call(key, `GET feeds/${id}/segments/${name}`);
    found.push(...gunzipSync(bytes).toString('utf8').split('\n').slice(0, -1));
  }
  return found;
}

export async function status(app: FeedApp, id: string): Promise<Record<string, unknown>> {
  return (await app.call('owner', `GET feeds/${id}`)).body['status'] as Record<string, unknown>;
}

/** What the recipient has: every file of the feed in a directory. */
export async function pull(app: FeedApp, id: string, key = 'owner'): Promise<string> {
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

export const made = (reply: Reply): void =>
  expect([reply.verdict, reply.body['detail']]).toEqual(['201', undefined]);

export async function verified(app: FeedApp, directory: string): Promise<VerifyReport> {
  return verifyPlace(directoryReader(directory), { keys: await app.keys(), settleMs: 0 });
}

/** Where the service keeps the files of a feed. */
export async function keptAt(app: FeedApp, id: string): Promise<string> {
  const { body } = await app.call('owner', `GET feeds/${id}`);
  return join(app.files, String(body['chain']));
}

/** Resolves when the feed is so. */
export async function until(app: FeedApp, id: string, expected: object): Promise<void> {
  await expect.poll(() => status(app, id), { timeout: 10_000, interval: 10 }).toMatchObject(expected);
}
