import { expect, test } from 'vitest';
import { KEY_ONE, makeChain, putHead, readerOf } from './chain.test-support.ts';
import type { Place } from './chain.test-support.ts';
import {
  createOriginsFile,
  openSigner,
  originsOf,
  publicKeyOf,
  readOrigins,
  signManifest,
  trustKeys,
  verifyPlace,
} from './index.ts';
import type { ManifestFile, Origin, SegmentManifest } from './index.ts';

const keys = await trustKeys([publicKeyOf(KEY_ONE)]);
const signer = await openSigner(KEY_ONE);
const EVENTS = '000000000001.events-0001.ndjson.gz';

/** One segment of three events, with origins about the runs. */
async function chainOf(runs: readonly (readonly [string, number])[], change: Partial<ManifestFile> = {}) {
  const place: Place = await makeChain([
    { files: [{ events: ['{"id":"1"}', '{"id":"2"}', '{"id":"3"}'], compression: 'gzip' }] },
  ]);
  const manifest: SegmentManifest = JSON.parse(String(place.get('000000000001.manifest.json')));
  const origins = createOriginsFile(EVENTS);
  for (const [source, count] of runs) origins.add(source, count);
  const { bytes, file } = origins.end();
  place.set(file.name, bytes);
  const files = [...manifest.files, { ...file, ...change }];
  const signed = await signManifest(signer, { ...manifest, files });
  for (const { name, bytes: content } of signed.files) place.set(name, content);
  await putHead(place, signer, { sequence: 1, manifest: signed.sha256 });
  return { files, place };
}

test('a file of origins says which source each event is of, and is verified with the chain', async () => {
  const { files, place } = await chainOf([
    ['keystone-a', 1],
    ['keystone-a', 1],
    ['nova', 1],
  ]);
  expect(await verifyPlace(readerOf(place), { keys, settleMs: 0 })).not.toHaveProperty('fault');
  const [events] = files;
  const origins = originsOf(files, events!)!;
  expect(origins.name).toBe('000000000001.events-0001.ndjson.origins.ndjson');
  const chunks = await readerOf(place).read(origins.name);
  const found: Origin[] = [];
  for await (const origin of readOrigins(events!, origins, chunks!)) found.push(origin);
  expect(found).toEqual([
    { source: 'keystone-a', count: 2 },
    { source: 'nova', count: 1 },
  ]);

  place.set(origins.name, Buffer.from(String(place.get(origins.name)).replace('nova', 'swft')));
  const report = await verifyPlace(readerOf(place), { keys, settleMs: 0 });
  expect(report.fault).toMatchObject({ code: 'content-changed', file: origins.name });
});

test.each([2, 4])('origins of %i events beside a file of three are a fault, though signed', async (count) => {
  const { place } = await chainOf([['nova', count]]);
  const report = await verifyPlace(readerOf(place), { keys, settleMs: 0 });
  expect(report.fault).toMatchObject({ code: 'count-differs', expected: '3' });
});

test.each([
  [{ of: '000000000001.other.ndjson' }, 'about a file of events'],
  [{ count: 1 }, 'counts 3 events|no events of their own'],
  [{ role: 'events' as const }, 'only origins'],
])('what contradicts itself is not signed: %j', async (change, message) => {
  await expect(chainOf([['nova', 3]], change)).rejects.toThrow(new RegExp(message));
});
