import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publicKeyOf } from '@cadf-pipeline/federation';
import { expect, test } from 'vitest';
import {
  CHAIN,
  ISSUER,
  KEY_ONE,
  makeChain,
  writePlace,
} from '../../../../packages/federation/src/chain.test-support.ts';
import type { Place } from '../../../../packages/federation/src/chain.test-support.ts';
import { ndjson, testEvent } from '../../../../test/support/events.ts';
import { startImportApp } from './import-app.test-support.ts';
import type { ImportApp } from './import-app.test-support.ts';

const KEYS = { issuer: ISSUER, keys: [publicKeyOf(KEY_ONE)] };
const lines = (count: number): string[] =>
  Array.from({ length: count }, () => JSON.stringify(testEvent()));

async function importFrom(app: ImportApp, path: string, more: object = {}): Promise<void> {
  const { verdict } = await app.call('POST imports', {
    id: 'peer',
    keys: KEYS,
    everySeconds: 5,
    from: { type: 'directory', path },
    ...more,
  });
  expect(verdict).toBe('201');
}

function sum({ accepted = 0, deadLettered = 0, duplicates = 0, ignored = 0, loops = 0 }): number {
  return accepted + deadLettered + duplicates + ignored + loops;
}

test('a verified chain is taken whole, under sources of its own, and the counts add up', async () => {
  const app = await startImportApp();
  const [good = '', same = ''] = lines(2);
  const place = await makeChain([
    { files: [{ events: [good, same, same, 'no json', '{"id":"x"}'], compression: 'gzip' }] },
    { files: [] },
    { files: [{ events: lines(3), compression: 'zstd' }, { events: lines(2) }] },
  ]);
  writePlace(place, app.folder);
  await importFrom(app, app.folder);
  const status = await app.until('peer', ({ sequence }) => sequence === 3);
  expect(status).toMatchObject({
    state: 'active',
    segments: 3,
    counts: { events: 10, accepted: 7, duplicates: 1, deadLettered: 2, loops: 0 },
  });
  expect(sum(status.counts)).toBe(status.counts['events']);
  const events = await app.events();
  expect(events).toHaveLength(7);
  expect(new Set(events.map(({ headers }) => headers['cadf-source']))).toEqual(new Set(['peer']));
  expect((await app.letters()).map(({ value }) => value?.toString())).toEqual(['no json', '{"id":"x"}']);
});
