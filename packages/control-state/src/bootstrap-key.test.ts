import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Secret } from '@cadf-pipeline/service-kit';
import { expect, onTestFinished, test } from 'vitest';

import { ensureBootstrapKey, weaknessOf } from './bootstrap-key.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'bootstrap-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a key is made once, readable by its owner alone, and used again', async () => {
  const dataDir = join(await directory(), 'not', 'yet');
  const made = await ensureBootstrapKey({ dataDir });
  expect(made.created).toBe(true);
  expect((await stat(made.file!)).mode & 0o777).toBe(0o600);
  expect(await readFile(made.file!, 'utf8')).toBe(`${made.token.reveal()}\n`);
  expect(made.token.reveal()).toMatch(/^cadf_bootstrap_[\w-]{43}$/);
  const again = await ensureBootstrapKey({ dataDir });
  expect([again.created, again.token.reveal()]).toEqual([false, made.token.reveal()]);
  expect(await readdir(dataDir)).toEqual(['bootstrap-key']);
});

test('processes that start at the same time agree on one key', async () => {
  const dataDir = await directory();
  const keys = await Promise.all(Array.from({ length: 8 }, () => ensureBootstrapKey({ dataDir })));
  expect(new Set(keys.map((key) => key.token.reveal())).size).toBe(1);
  expect(await readdir(dataDir)).toEqual(['bootstrap-key']);
});

test('a file that others could read is closed to them, and one that holds no key is refused', async () => {
  const dataDir = await directory();
  const { file } = await ensureBootstrapKey({ dataDir });
  await chmod(file!, 0o644);
  await ensureBootstrapKey({ dataDir });
  expect((await stat(file!)).mode & 0o777).toBe(0o600);
  await writeFile(file!, '');
  await expect(ensureBootstrapKey({ dataDir })).rejects.toThrow('delete it to have a new one made');
});

test('a configured key is used as it is and never written', async () => {
  const dataDir = await directory();
  const configuredKey = new Secret('mJ2bG0i9Zc4yWqXn1oVtRk7LsUe5aHdP');
  const key = await ensureBootstrapKey({ dataDir, configuredKey });
  expect(key).toEqual({ token: configuredKey, created: false });
  expect(await readdir(dataDir)).toEqual([]);
});

test.each([
  ['short', 'has 5 characters'],
  ['a'.repeat(40), 'repeats itself'],
  ['abcdefgh'.repeat(5), 'repeats itself'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', 'too few different characters'],
  ['with spaces in it and more than 32 characters', 'cannot have'],
  ['x'.repeat(513), 'at most 512'],
])('the configured key %s is refused: %s', (key, reason) => {
  expect(weaknessOf(key)).toContain(reason);
});

test('random keys of common forms are taken', () => {
  for (const key of [
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg==',
    '0b6f8f1e-3c1d-4b0e-9c55-7f3a2d1e6b90',
  ]) {
    expect(weaknessOf(key)).toBeUndefined();
  }
});

test('a weak configured key stops the start with a way out', async () => {
  const promise = ensureBootstrapKey({ dataDir: await directory(), configuredKey: new Secret('password') });
  await expect(promise).rejects.toThrow(/CADF_BOOTSTRAP_KEY .*openssl rand/);
  await expect(promise).rejects.not.toThrow('"password"');
});
