/** Vectors of files that say which source each event of another file is of. */
import { KEY_ONE, makeChain, putHead } from './chain.test-support.ts';
import type { Place } from './chain.test-support.ts';
import { createFileDigest, openSigner, originsName } from './index.ts';
import type { ManifestFile } from './index.ts';
import { events, manifestOf, putSigned } from './vector.test-support.ts';
import type { AddVector } from './vector.test-support.ts';

const EVENTS = '000000000001.events-0001.ndjson.gz';
const NAME = originsName(EVENTS);
const LINES = [
  '{"source":"keystone-a","count":2}',
  '{"source":"nova","count":1}',
  '{"source":"keystone-a","count":2}',
];

/** One segment of five events, and the file of these lines beside them, signed as it is. */
async function chainOf(lines: readonly string[], more: Partial<ManifestFile> = {}): Promise<Place> {
  const place = await makeChain([{ files: [{ events: events(1, 5), compression: 'gzip' }] }]);
  const manifest = manifestOf(place, 1);
  const bytes = textOf(lines);
  const digest = createFileDigest({ name: NAME, format: 'origins', lines: false });
  digest.content(bytes);
  const origins = { ...digest.end(0), role: 'origins', of: EVENTS, ...more };
  const sha256 = await putSigned(place, 1, { ...manifest, files: [...manifest.files, origins] });
  await putHead(place, await openSigner(KEY_ONE), { sequence: 1, manifest: sha256 });
  return place.set(NAME, bytes);
}

function textOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

export async function addOriginsVectors(add: AddVector): Promise<void> {
  const [first = '', second = '', third = ''] = LINES;
  const without = [first, third];
  const changed = { code: 'content-changed', sequence: 1, file: NAME } as const;
  const differs = { code: 'count-differs', sequence: 1, file: NAME } as const;
  await add('good-origins', 'Five events, packed, of two sources, in three runs.', null, () =>
    chainOf(LINES),
  );
  await add(
    'origins-missing',
    'The file of origins was taken away.',
    { ...changed, code: 'file-missing' },
    async () => {
      const place = await chainOf(LINES);
      place.delete(NAME);
      return place;
    },
  );
  await add('origins-line-missing', 'The second line of the origins was taken away.', changed, async () =>
    (await chainOf(LINES)).set(NAME, textOf(without)),
  );
  await add('origins-changed', 'The second line of the origins names another source.', changed, async () =>
    (await chainOf(LINES)).set(NAME, textOf([first, second.replace('nova', 'heat'), third])),
  );
  await add('origins-short', 'The signer left out a line: four of five events have an origin.', differs, () =>
    chainOf(without),
  );
  await add('origins-long', 'The signer counted too many: six origins of five events.', differs, () =>
    chainOf([...LINES, second]),
  );
  await add(
    'origins-invalid',
    'The second line of the origins has no count, and is signed so.',
    differs,
    () => chainOf([first, '{"source":"nova"}', third]),
  );
  await add(
    'origins-of-nothing',
    'The file of origins is about one that the segment does not have, and is signed so.',
    { code: 'manifest-invalid', sequence: 1, file: '000000000001.manifest.json' },
    () => chainOf(LINES, { of: '000000000001.other.ndjson' }),
  );
}
