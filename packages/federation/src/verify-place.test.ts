import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHAIN, KEY_ONE, atMinute, exchange, makeChain, putHead, readerOf } from './chain.test-support.ts';
import type { FileOfSegment, Place, SegmentOfChain } from './chain.test-support.ts';
import {
  createSigningKey,
  manifestName,
  openSigner,
  publicKeyOf,
  signatureName,
  trustKeys,
  verifyPlace,
} from './index.ts';
import type { VerifyOptions, VerifyReport } from './index.ts';

const keys = await trustKeys([publicKeyOf(KEY_ONE)]);
const lines = (from: number, upto: number): readonly string[] =>
  Array.from({ length: upto - from + 1 }, (_, index) => `{"id":"event-${from + index}"}`);
const plain = (from: number, upto: number): SegmentOfChain => ({ files: [{ events: lines(from, upto) }] });
const THREE: readonly SegmentOfChain[] = [plain(1, 5), plain(6, 7), { files: [] }, plain(8, 9)];

function verify(place: Place, options: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  return verifyPlace(readerOf(place), { keys, settleMs: 0, ...options });
}

function change(place: Place, name: string, changed: (bytes: Buffer) => Buffer): void {
  place.set(name, changed(Buffer.from(place.get(name) ?? Buffer.alloc(0))));
}

test('a good chain has no fault, and says how far it goes', async () => {
  const place = await makeChain([
    ...THREE,
    {
      files: [
        { events: lines(1, 3), compression: 'gzip' },
        { events: lines(4, 6), compression: 'zstd' },
      ],
    },
  ]);
  const report = await verify(place);
  expect(report).toMatchObject({ segments: 5, files: 5, events: 15, eventsCounted: 15, final: false });
  expect(report.fault).toBeUndefined();
  expect(report.point).toMatchObject({ chain: CHAIN, sequence: 5 });
});

test('an empty chain and an empty last file are good', async () => {
  expect((await verify(await makeChain([]))).fault).toBeUndefined();
  expect((await verify(await makeChain([{ files: [{ events: [] }] }]))).fault).toBeUndefined();
});

test('a changed event is found, between the lines of its block', async () => {
  const place = await makeChain(THREE);
  const file = '000000000001.events-0001.ndjson';
  change(place, file, (bytes) => Buffer.from(bytes.toString().replace('event-4', 'event-X')));
  expect((await verify(place)).fault).toMatchObject({
    code: 'content-changed',
    sequence: 1,
    file,
    lines: { from: 3, to: 4 },
  });
});

test('a changed event in packed content is found, between the lines of its block', async () => {
  const packed = await makeChain([{ files: [{ events: lines(1, 5), compression: 'gzip' }] }]);
  const other = await makeChain([
    { files: [{ events: [...lines(1, 2), '{}', ...lines(4, 5)], compression: 'gzip' }] },
  ]);
  const file = '000000000001.events-0001.ndjson.gz';
  packed.set(file, other.get(file)!);
  expect((await verify(packed)).fault).toMatchObject({ code: 'content-changed', lines: { from: 3, to: 4 } });
});

test.each([
  ['an event taken away at the end', -14, { from: 5, to: 5 }],
  ['nothing left', -1000, { from: 1, to: 2 }],
])('a file cut off is found: %s', async (_, end, expected) => {
  const place = await makeChain([plain(1, 5)]);
  change(place, '000000000001.events-0001.ndjson', (bytes) => bytes.subarray(0, end));
  expect((await verify(place)).fault).toMatchObject({ code: 'content-changed', lines: expected });
});

test('a missing segment is told from an end that is missing', async () => {
  const gap = await makeChain(THREE);
  for (const name of gap.keys()) if (name.startsWith('000000000002.')) gap.delete(name);
  expect((await verify(gap)).fault).toMatchObject({ code: 'segment-missing', sequence: 2 });
  const cut = await makeChain(THREE);
  for (const name of cut.keys()) if (/^00000000000[34]\./.test(name)) cut.delete(name);
  expect((await verify(cut)).fault).toMatchObject({
    code: 'truncated',
    sequence: 3,
    found: 'segments up to 2',
  });
});

test('so it is where the place cannot list', async () => {
  const gap = await makeChain(THREE);
  gap.delete(manifestName(2));
  const { description, read } = readerOf(gap);
  expect((await verifyPlace({ description, read }, { keys })).fault?.code).toBe('segment-missing');
  gap.delete(manifestName(3));
  gap.delete(manifestName(4));
  expect((await verifyPlace({ description, read }, { keys })).fault?.code).toBe('truncated');
});

test('segments and files that changed places are found', async () => {
  const segments = await makeChain(THREE);
  exchange(segments, manifestName(1), manifestName(2));
  exchange(segments, signatureName(1), signatureName(2));
  expect((await verify(segments)).fault).toMatchObject({ code: 'reordered', sequence: 1, found: '2' });
  const files = await makeChain([{ files: [{ events: lines(1, 2) }, { events: lines(3, 4) }] }]);
  exchange(files, '000000000001.events-0001.ndjson', '000000000001.events-0002.ndjson');
  expect((await verify(files)).fault).toMatchObject({ code: 'reordered', sequence: 1 });
});

test('segments behind the head are found, unless the head follows', async () => {
  const place = await makeChain(THREE);
  const older = await makeChain(THREE.slice(0, 2));
  const head = place.get('head.jws')!;
  place.set('head.jws', older.get('head.jws')!);
  expect((await verify(place)).fault).toMatchObject({ code: 'head-behind', sequence: 3 });
  const late = verify(place, { settleMs: 50 });
  setTimeout(() => place.set('head.jws', head), 10);
  expect(await late).toMatchObject({ segments: 4 });
  expect((await late).fault).toBeUndefined();
});

test('another key, no head, and what is no signature are found', async () => {
  const place = await makeChain(THREE);
  const stranger = await createSigningKey(0);
  const strangers = await trustKeys([publicKeyOf(stranger)]);
  expect((await verify(place, { keys: strangers })).fault).toMatchObject({
    code: 'key-unknown',
    found: KEY_ONE.kid,
  });
  const posing = await makeChain([{ ...plain(1, 2), key: { ...stranger, kid: KEY_ONE.kid } }]);
  expect((await verify(posing)).fault?.code).toBe('signature-wrong');
  change(place, signatureName(2), (bytes) => Buffer.concat([bytes, Buffer.from('\n')]));
  expect((await verify(place)).fault).toMatchObject({ code: 'signature-invalid', sequence: 2 });
  place.delete('head.jws');
  expect((await verify(place)).fault?.code).toBe('head-missing');
});

test('a chain made anew, shorter or other than remembered, is found', async () => {
  const place = await makeChain(THREE);
  const { point } = await verify(place);
  const shorter = await makeChain(THREE.slice(0, 3));
  const other = await makeChain([plain(1, 5), plain(60, 70), { files: [] }, plain(8, 9), plain(10, 11)]);
  expect((await verify(shorter)).fault).toBeUndefined();
  expect((await verify(shorter, { remembered: point! })).fault?.code).toBe('rewound');
  expect((await verify(other, { remembered: point! })).fault).toMatchObject({ code: 'forked', sequence: 4 });
  const longer = await makeChain([...THREE, plain(10, 11)]);
  expect(await verify(longer, { remembered: point! })).toMatchObject({ segments: 5 });
  for (const name of longer.keys()) if (/^00000000000[1-3]\./.test(name)) longer.delete(name);
  const onlyNew = await verify(longer, { remembered: point!, onlyNew: true });
  expect(onlyNew).toMatchObject({ segments: 1, events: 2, point: { sequence: 5 } });
  expect(onlyNew.fault).toBeUndefined();
});

test('two segments of one number, both signed, are found', async () => {
  const place = await makeChain(THREE);
  const other = await makeChain([plain(1, 5), plain(60, 70)]);
  for (const [name, bytes] of other) if (name.startsWith('000000000002.')) place.set(name, bytes);
  expect((await verify(place)).fault).toMatchObject({ code: 'forked', sequence: 3 });
  const last = await makeChain([plain(1, 5), plain(6, 7)]);
  for (const [name, bytes] of other) if (name.startsWith('000000000002.')) last.set(name, bytes);
  expect((await verify(last)).fault).toMatchObject({ code: 'forked', sequence: 2 });
});

test('of a retired key, what is older is good, what is younger is not, nor what goes back in time', async () => {
  const next = await createSigningKey(Date.parse(atMinute(2)));
  const rotated = await trustKeys([{ ...publicKeyOf(KEY_ONE), retired: atMinute(2) }, publicKeyOf(next)]);
  const [one, two, three] = [plain(1, 2), plain(3, 4), { ...plain(5, 6), key: next }];
  expect((await verify(await makeChain([one, two, three]), { keys: rotated })).fault).toBeUndefined();
  const behind = await makeChain([one, two, plain(5, 6), { files: [], key: next }]);
  expect((await verify(behind, { keys: rotated })).fault).toMatchObject({ code: 'key-retired', sequence: 3 });
  const dated = { ...plain(7, 8), more: { created: atMinute(1) } };
  const backwards = await makeChain([one, two, three, dated, { files: [], key: next }]);
  expect((await verify(backwards, { keys: rotated })).fault).toMatchObject({
    code: 'time-backwards',
    sequence: 4,
  });
});

test('files that nobody signed are found; those of a segment on its way are counted', async () => {
  const place = await makeChain(THREE);
  place.set('000000000005.events-0001.ndjson', Buffer.from('{}\n'));
  place.set('.events.tmp', Buffer.alloc(0));
  expect(await verify(place)).toMatchObject({ unfinishedFiles: 1 });
  expect((await verify(place)).fault).toBeUndefined();
  place.set('000000000002.events-0002.ndjson', Buffer.from('{}\n'));
  expect((await verify(place)).fault).toMatchObject({ code: 'file-unknown', sequence: 2 });
  const ended = await makeChain(THREE, { final: true });
  ended.set('000000000005.events-0001.ndjson', Buffer.from('{}\n'));
  expect((await verify(ended)).fault?.code).toBe('file-unknown');
});

test('a count that the signer made up, and a chain of another, are found', async () => {
  const file = '000000000001.events-0001.ndjson';
  const place = await makeChain([plain(1, 5)]);
  const { files } = JSON.parse(place.get(manifestName(1))!.toString());
  const lying = await makeChain([{ ...plain(1, 5), more: { count: 6, files: [{ ...files[0], count: 6 }] } }]);
  expect((await verify(lying)).fault).toMatchObject({
    code: 'count-differs',
    file,
    expected: '6',
    found: '5',
  });
  const chain = `${CHAIN}-2`;
  expect((await verify(place, { chain })).fault).toMatchObject({ code: 'chain-differs', expected: chain });
  const issuer = 'urn:other';
  const others = await trustKeys([publicKeyOf(KEY_ONE)], issuer);
  expect((await verify(place, { keys: others })).fault).toMatchObject({
    code: 'chain-differs',
    expected: issuer,
  });
});

test('a head of other segments that are good is found', async () => {
  const place = await makeChain(THREE);
  await putHead(place, await openSigner(KEY_ONE), { sequence: 4, manifest: 'ab'.repeat(32) });
  expect((await verify(place)).fault).toMatchObject({ code: 'forked', sequence: 4 });
});

const fileOf: fc.Arbitrary<FileOfSegment> = fc.record(
  {
    events: fc.array(
      fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => JSON.stringify(text)),
      {
        maxLength: 6,
      },
    ),
    compression: fc.constantFrom('gzip', 'zstd'),
  },
  { requiredKeys: ['events'] },
);
const segmentOf = fc.record({ files: fc.array(fileOf, { maxLength: 2 }), late: fc.boolean() });

test('any one change of any chain is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(segmentOf, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('bit', 'byte', 'cut', 'more', 'delete', 'add', 'exchange', 'end', 'older'),
      fc.nat(),
      fc.nat(),
      async (segments, mutation, one, other) => {
        const place = await makeChain(segments);
        expect((await verify(place)).fault).toBeUndefined();
        const names = [...place.keys()];
        const name = names[one % names.length]!;
        const bytes = place.get(name)!;
        const at = other % Math.max(1, bytes.length);
        if (mutation === 'bit' || mutation === 'byte') {
          fc.pre(bytes.length > 0);
          const mask = mutation === 'bit' ? 1 << (one % 8) : 1 + (one % 255);
          change(place, name, (all) => (all.fill(all[at]! ^ mask, at, at + 1), all));
        } else if (mutation === 'cut') {
          fc.pre(bytes.length > 0);
          place.set(name, bytes.subarray(0, at));
        } else if (mutation === 'more') {
          place.set(name, Buffer.concat([bytes, Buffer.from([other % 256])]));
        } else if (mutation === 'delete') {
          place.delete(name);
        } else if (mutation === 'add') {
          place.set(`${name}.${other % 10}`, bytes);
        } else if (mutation === 'exchange') {
          const second = names[other % names.length]!;
          fc.pre(!bytes.equals(place.get(second)!));
          exchange(place, name, second);
        } else if (mutation === 'end') {
          const keep = other % segments.length;
          for (const each of names) if (Number.parseInt(each, 10) > keep) place.delete(each);
        } else {
          const before = await makeChain(segments.slice(0, other % segments.length));
          place.set('head.jws', before.get('head.jws')!);
        }
        const { fault } = await verify(place);
        expect(fault, mutation).toBeDefined();
      },
    ),
    { numRuns: 200 },
  );
});
