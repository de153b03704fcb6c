import { gzipSync, zstdCompressSync } from 'node:zlib';
import { publicKeyOf } from '@cadf-pipeline/federation';
import { expect, test } from 'vitest';
import {
  ISSUER,
  KEY_ONE,
  makeChain,
  writePlace,
} from '../../../../packages/federation/src/chain.test-support.ts';
import { ndjson, testEvent } from '../../../../test/support/events.ts';
import { startImportApp } from './import-app.test-support.ts';
import type { ImportApp } from './import-app.test-support.ts';

const KEYS = { issuer: ISSUER, keys: [publicKeyOf(KEY_ONE)] };
const lines = (count: number): string[] => Array.from({ length: count }, () => JSON.stringify(testEvent()));

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

test('files that are sent are taken once, and what cannot be read does not hold up the others', async () => {
  const app = await startImportApp();
  const { verdict } = await app.call('POST imports', {
    id: 'archive',
    unsigned: true,
    from: { type: 'upload' },
  });
  expect(verdict).toBe('201');
  const log = { typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log', events: [testEvent(), testEvent()] };
  const xml = `<?xml version="1.0"?><cadf:event xmlns:cadf="http://schemas.dmtf.org/cloud/audit/1.0/event" id="x-1" eventType="activity" eventTime="2026-11-01T12:00:00.000000+00:00" action="read" outcome="success" typeURI="http://schemas.dmtf.org/cloud/audit/1.0/event"><cadf:initiator id="i" typeURI="data/security/account/user"/><cadf:target id="t" typeURI="compute/machine"/><cadf:observer id="o" typeURI="service/compute"/></cadf:event>`;
  const files: [string, Buffer][] = [
    ['log.json', Buffer.from(JSON.stringify(log, null, 2))],
    ['some.ndjson.gz', gzipSync(ndjson([testEvent(), testEvent(), testEvent()]))],
    ['one.xml', Buffer.from(xml)],
    [
      'frames.jsonl.zst',
      Buffer.concat([zstdCompressSync(ndjson([testEvent()])), zstdCompressSync(ndjson([testEvent()]))]),
    ],
    ['marked.ndjson', Buffer.from(`\uFEFF${ndjson([testEvent()])}`)],
    ['latin1.json', Buffer.from(JSON.stringify(testEvent({ name: '\u00e9' })), 'latin1')],
    ['garbage.bin', Buffer.from([1, 2, 3, 4])],
    ['cut.gz', gzipSync(ndjson([testEvent()])).subarray(0, 40)],
  ];
  for (const [name, bytes] of files)
    expect((await app.call(`POST imports/archive/files?name=${name}`, bytes)).verdict).toBe('202');
  const status = await app.until('archive', (now) => now.files === 5 && now.refused === 3);
  expect(status.counts).toMatchObject({ events: 9, accepted: 9 });
  expect(status.recent.map(({ code, file }) => `${file} ${code}`).toSorted()).toEqual([
    'cut.gz IMPORT_FILE_UNREADABLE',
    'garbage.bin IMPORT_FILE_UNREADABLE',
    'latin1.json IMPORT_FILE_UNREADABLE',
  ]);
  // The same file again, and the same events in another file.
  await app.call('POST imports/archive/files?name=log.json', files[0]?.[1]);
  await app.call('POST imports/archive/files?name=again.json', files[0]?.[1]);
  const again = await app.until('archive', (now) => now.files === 6);
  expect(again.counts).toMatchObject({ events: 11, accepted: 9, duplicates: 2 });
  expect(await app.events()).toHaveLength(9);
});
