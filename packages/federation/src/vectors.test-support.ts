/** Makes the test vectors of docs/federation-vectors: a good chain, and for each fault one that has it. */
import { ISSUER, KEY_ONE, atMinute, exchange, makeChain, putHead, without } from './chain.test-support.ts';
import type { Place, SegmentOfChain } from './chain.test-support.ts';
import { federationDocument, manifestName, openSigner, publicKeyOf, signatureName } from './index.ts';
import { addOriginsVectors } from './origins-vectors.test-support.ts';
import { addRotationVectors } from './rotation-vectors.test-support.ts';
import { KEY_TWO, events, manifestOf, putSigned } from './vector.test-support.ts';
import type { AddVector, Vector } from './vector.test-support.ts';
import { addWithheldVectors } from './withheld-vectors.test-support.ts';

type Made = Omit<Vector, 'files'> & { readonly place: Place };

const keys = federationDocument(ISSUER, [
  publicKeyOf(KEY_TWO),
  { ...publicKeyOf(KEY_ONE), retired: atMinute(3) },
]);
const FIRST_FILE = '000000000001.events-0001.ndjson';

const FIRST: SegmentOfChain = { files: [{ events: events(1, 5) }, { events: events(6, 7) }] };
const PACKED: SegmentOfChain = {
  files: [
    { events: events(8, 10), compression: 'gzip' },
    { events: events(11, 13), compression: 'zstd' },
  ],
};
const EMPTY: SegmentOfChain = { files: [] };
const LATE: SegmentOfChain = { files: [{ events: events(14, 15) }], late: true, key: KEY_TWO };
const ALL = [FIRST, PACKED, EMPTY, LATE];

/** By the name of the vector. */
export async function makeVectors(): Promise<ReadonlyMap<string, Vector>> {
  const made = new Map<string, Made>();
  const head = (place: Place): Buffer => place.get('head.jws') ?? Buffer.alloc(0);
  const add: AddVector = async (name, about, fault, change, more = {}) => {
    const place = await makeChain(ALL);
    made.set(name, { about, keys, ...more, fault, place: (await change(place)) ?? place });
  };
  await add(
    'good',
    'Four segments: two files; gzip and zstd; an empty period; late events and a new key.',
    null,
    () => {},
  );
  await add('good-export', 'A finished export: one segment, a final head.', null, () =>
    makeChain([{ ...FIRST, more: { kind: 'export', chain: `${ISSUER}/exports/e1` } }], {
      chain: `${ISSUER}/exports/e1`,
      final: true,
    }),
  );
  await add('good-empty', 'A chain without a segment yet.', null, () => makeChain([]));
  await add(
    'head-missing',
    'The head was taken away.',
    { code: 'head-missing', file: 'head.jws' },
    (place) => {
      place.delete('head.jws');
    },
  );
  await add(
    'head-invalid',
    'A manifest is signed well, and stands where the head belongs.',
    { code: 'head-invalid', file: 'head.jws' },
    (place) => {
      const payload = (place.get(manifestName(1)) ?? '').toString('base64url');
      const detached = (place.get(signatureName(1)) ?? '').toString();
      place.set('head.jws', Buffer.from(detached.replace('..', `.${payload}.`)));
    },
  );
  await add(
    'head-behind',
    'The head is an older one, of segment 2.',
    { code: 'head-behind', sequence: 3, file: manifestName(3) },
    async (place) => {
      place.set('head.jws', head(await makeChain(ALL.slice(0, 2))));
    },
  );
  await add(
    'segment-missing',
    'Segment 2 was taken away.',
    { code: 'segment-missing', sequence: 2, file: manifestName(2) },
    (place) => without(place, /^0{11}2/),
  );
  await add(
    'truncated',
    'Segments 3 and 4 were taken away.',
    { code: 'truncated', sequence: 3, file: manifestName(3) },
    (place) => without(place, /^0{11}[34]/),
  );
  await add(
    'reordered',
    'Segments 2 and 3 changed places.',
    { code: 'reordered', sequence: 2, file: manifestName(2) },
    (place) => {
      exchange(place, manifestName(2), manifestName(3));
      exchange(place, signatureName(2), signatureName(3));
    },
  );
  await add(
    'reordered-files',
    'The files of segment 1 changed places.',
    { code: 'reordered', sequence: 1, file: FIRST_FILE },
    (place) => exchange(place, FIRST_FILE, '000000000001.events-0002.ndjson'),
  );
  await add(
    'key-unknown',
    "The keys are another's.",
    { code: 'key-unknown', file: 'head.jws' },
    () => makeChain([FIRST]),
    {
      keys: federationDocument(ISSUER, [publicKeyOf(KEY_TWO)]),
    },
  );
  await add(
    'key-retired',
    'Segment 4 is signed by the first key, a minute after that was retired.',
    { code: 'key-retired', sequence: 4, file: manifestName(4) },
    async (place) => {
      const { key: _, ...late } = LATE;
      const other = await makeChain([FIRST, PACKED, EMPTY, late]);
      other.set('head.jws', head(place));
      return other;
    },
  );
  await add(
    'time-backwards',
    'Segment 4 says that it was made before segment 3.',
    { code: 'time-backwards', sequence: 4, file: manifestName(4) },
    () => makeChain([FIRST, PACKED, EMPTY, { ...LATE, more: { created: atMinute(2) } }]),
  );
  await add(
    'signature-wrong',
    'A digit in the manifest of segment 1 was changed.',
    { code: 'signature-wrong', sequence: 1, file: manifestName(1) },
    (place) => replace(place, manifestName(1), '"late":false', '"late":true '),
  );
  await add(
    'signature-invalid',
    'The signature of segment 1 names no algorithm (alg: none).',
    { code: 'signature-invalid', sequence: 1, file: manifestName(1) },
    (place) => {
      const header = Buffer.from(JSON.stringify({ alg: 'none', kid: KEY_ONE.kid, typ: 'cadf-manifest' }));
      const [, , signature] = (place.get(signatureName(1)) ?? '').toString().split('.');
      place.set(signatureName(1), Buffer.from(`${header.toString('base64url')}..${signature}`));
    },
  );
  await add(
    'manifest-invalid',
    'A manifest without its period, signed well.',
    { code: 'manifest-invalid', sequence: 1, file: manifestName(1) },
    async (place) => {
      const { period: _, ...rest } = manifestOf(place, 1);
      await putSigned(place, 1, rest);
    },
  );
  await add(
    'chain-differs',
    'It is a good chain, but another was asked for.',
    { code: 'chain-differs', file: 'head.jws' },
    () => {},
    {
      chain: `${ISSUER}/feeds/other`,
    },
  );
  await add(
    'forked',
    'There are two segments 2, both signed; segment 3 follows the other.',
    { code: 'forked', sequence: 3, file: manifestName(3) },
    async (place) => {
      const other = await makeChain([FIRST, { files: [{ events: events(8, 9) }] }]);
      const cut = without(place, /^0{11}2/);
      for (const [name, bytes] of other) if (/^0{11}2/.test(name)) cut.set(name, bytes);
      return cut;
    },
  );
  await add(
    'rewound',
    'The chain ends with segment 2; the head of segment 4 is remembered.',
    { code: 'rewound', file: 'head.jws' },
    () => makeChain(ALL.slice(0, 2)),
    {
      remembered: head(await makeChain(ALL)).toString(),
    },
  );
  await add(
    'file-missing',
    'A content file of segment 2 was taken away.',
    { code: 'file-missing', sequence: 2, file: '000000000002.events-0001.ndjson.gz' },
    (place) => without(place, /^0{11}2.events-0001/),
  );
  await add(
    'content-changed',
    'The outcome of the fourth event was changed.',
    { code: 'content-changed', sequence: 1, file: FIRST_FILE, lines: { from: 3, to: 4 } },
    (place) => {
      const [one = '', two = '', three = '', four = '', ...rest] = (place.get(FIRST_FILE) ?? '')
        .toString()
        .split('\n');
      const changed = [one, two, three, four.replace('failure', 'success'), ...rest];
      place.set(FIRST_FILE, Buffer.from(changed.join('\n')));
    },
  );
  await add(
    'count-differs',
    'The signer counted six events where there are five.',
    { code: 'count-differs', sequence: 1, file: FIRST_FILE },
    async (place) => {
      const files = manifestOf(place, 1).files.slice(0, 1);
      return makeChain([
        {
          files: [{ events: events(1, 5) }],
          more: { count: 6, files: files.map((file) => ({ ...file, count: 6 })) },
        },
      ]);
    },
  );
  await add(
    'file-unknown',
    'There is a file that nobody signed.',
    { code: 'file-unknown', sequence: 2, file: '000000000002.events-0003.ndjson' },
    (place) => {
      place.set('000000000002.events-0003.ndjson', Buffer.from('{}\n'));
    },
  );
  await add(
    'forked-end',
    'The head is about another segment 4.',
    { code: 'forked', sequence: 4, file: 'head.jws' },
    async (place) => {
      await putHead(place, await openSigner(KEY_TWO), { sequence: 4, manifest: 'ab'.repeat(32) });
    },
  );
  await addRotationVectors(add);
  await addOriginsVectors(add);
  await addWithheldVectors(add);
  return new Map(
    [...made].map(([name, { place, ...vector }]) => [name, { ...vector, files: textsOf(place) }]),
  );
}

function textsOf(place: Place): Vector['files'] {
  return Object.fromEntries(
    [...place].map(([name, bytes]) => [
      name,
      /\.(gz|zst)$/.test(name) ? { base64: bytes.toString('base64') } : { text: bytes.toString() },
    ]),
  );
}

function replace(place: Place, name: string, text: string, by: string): void {
  place.set(name, Buffer.from((place.get(name) ?? '').toString().replace(text, by)));
}
