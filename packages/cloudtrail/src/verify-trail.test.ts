import { generateKeyPairSync } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { TrailItem, VerifyTrailOptions } from './trail-item.ts';
import { collected, FINGERPRINT, makeTrail, publicKeys, sha256, START } from './trail.test-support.ts';
import type { TestTrail } from './trail.test-support.ts';
import { verifyTrail } from './verify-trail.ts';

const HOUR = 3_600_000;

async function verify(trail: TestTrail, options: Partial<VerifyTrailOptions> = {}): Promise<TrailItem[]> {
  return collected(verifyTrail(trail.reader, { keys: publicKeys, ...options }));
}

function faultsOf(items: readonly TrailItem[]): string[][] {
  return items.flatMap((item) => (item.kind === 'fault' ? [[item.fault.code, item.fault.name]] : []));
}

function digestOf(trail: TestTrail, index: number): Record<string, unknown> {
  const content = gunzipSync(trail.files.get(trail.digests[index] ?? '') ?? Buffer.alloc(0)).toString();
  return JSON.parse(content) as Record<string, unknown>;
}

const at = (names: readonly string[], index: number): string => names[index] ?? '';

test('a whole trail has no fault; its log files come in order with the records that were hashed', async () => {
  const trail = makeTrail(4);
  const items: TrailItem[] = [];
  const ids: string[] = [];
  for await (const item of verifyTrail(trail.reader, { keys: publicKeys, until: START + 4 * HOUR })) {
    items.push(item);
    if (item.kind !== 'log-file') continue;
    // Changed behind the verification: what was hashed is what is read.
    trail.files.set(item.name, gzipSync('{"Records":[{"eventID":"planted"}]}'));
    for await (const text of item.records()) ids.push((JSON.parse(text) as { eventID: string }).eventID);
  }
  expect(faultsOf(items)).toEqual([]);
  expect(items.filter(({ kind }) => kind === 'log-file').map((item) => 'name' in item && item.name)).toEqual(
    trail.logs,
  );
  expect(ids).toHaveLength(24);
  expect(ids).not.toContain('planted');
  expect(items.filter(({ kind }) => kind === 'digest')).toHaveLength(4);
});

test('each thing done to a trail is told by its name', async () => {
  const cases: Record<string, [(trail: TestTrail) => void, (trail: TestTrail) => string[][]]> = {
    'a log file was changed': [
      (trail) => trail.files.set(at(trail.logs, 3), gzipSync('{"Records":[]}')),
      (trail) => [['changed-log-file', at(trail.logs, 3)]],
    ],
    'a byte of a packed log file was changed': [
      ({ files, logs }) => {
        const packed = Buffer.from(files.get(at(logs, 3)) ?? '');
        packed.writeUInt8(packed.readUInt8(20) ^ 0x10, 20);
        files.set(at(logs, 3), packed);
      },
      (trail) => [['changed-log-file', at(trail.logs, 3)]],
    ],
    'a log file was taken away': [
      (trail) => trail.files.delete(at(trail.logs, 3)),
      (trail) => [['missing-log-file', at(trail.logs, 3)]],
    ],
    'a log file was added': [
      (trail) => trail.files.set(at(trail.logs, 3).replace('Abc', 'Xyz'), gzipSync('{"Records":[]}')),
      (trail) => [['unlisted-log-file', at(trail.logs, 3).replace('Abc', 'Xyz')]],
    ],
    'a digest was taken away': [
      (trail) => trail.files.delete(at(trail.digests, 1)),
      (trail) => [
        ['missing-digest', at(trail.digests, 1)],
        ['unlisted-log-file', at(trail.logs, 2)],
        ['unlisted-log-file', at(trail.logs, 3)],
      ],
    ],
    'the first digest was taken away': [
      (trail) => trail.files.delete(at(trail.digests, 0)),
      (trail) => [['missing-digest', at(trail.digests, 0)]],
    ],
    'the last digest was taken away': [
      (trail) => trail.files.delete(at(trail.digests, 4)),
      (trail) => [['gap', at(trail.digests, 3)]],
    ],
    'a digest names fewer files': [
      (trail) => {
        const digest = { ...digestOf(trail, 1), logFiles: [] };
        trail.files.set(at(trail.digests, 1), gzipSync(JSON.stringify(digest)));
      },
      (trail) => [
        ['changed-digest', at(trail.digests, 1)],
        ['unlisted-log-file', at(trail.logs, 2)],
        ['unlisted-log-file', at(trail.logs, 3)],
      ],
    ],
    'a digest was signed again with another content': [
      (trail) => trail.sign(at(trail.digests, 1), { ...digestOf(trail, 1), newestEventTime: null }),
      (trail) => [['broken-chain', at(trail.digests, 2)]],
    ],
    'a digest stands where another one was': [
      (trail) => {
        trail.files.set(at(trail.digests, 2), trail.files.get(at(trail.digests, 1)) ?? Buffer.alloc(0));
        trail.metadata.set(at(trail.digests, 2), trail.metadata.get(at(trail.digests, 1)) ?? {});
      },
      (trail) => [
        ['moved-digest', at(trail.digests, 2)],
        ['unlisted-log-file', at(trail.logs, 4)],
        ['unlisted-log-file', at(trail.logs, 5)],
      ],
    ],
    'a signature is gone': [
      (trail) => trail.metadata.set(at(trail.digests, 4), {}),
      (trail) => [['unsigned-digest', at(trail.digests, 4)]],
    ],
    'a signature of another algorithm': [
      ({ metadata, digests }) =>
        metadata.set(at(digests, 4), {
          ...metadata.get(at(digests, 4)),
          'signature-algorithm': 'SHA1withRSA',
        }),
      (trail) => [['unsigned-digest', at(trail.digests, 4)]],
    ],
    'a key that is not known': [
      (trail) =>
        trail.sign(at(trail.digests, 4), {
          ...digestOf(trail, 4),
          digestPublicKeyFingerprint: 'f'.repeat(32),
        }),
      (trail) => [['unknown-key', at(trail.digests, 4)]],
    ],
    'a digest that is none': [
      (trail) => trail.files.set(at(trail.digests, 4), gzipSync('{"logFiles":[]}')),
      (trail) => [['unreadable-digest', at(trail.digests, 4)]],
    ],
    'logging was switched off and on': [
      (trail) =>
        trail.sign(at(trail.digests, 4), {
          ...digestOf(trail, 4),
          previousDigestS3Object: null,
          previousDigestHashValue: null,
          previousDigestSignature: null,
        }),
      (trail) => [['gap', at(trail.digests, 4)]],
    ],
  };
  for (const [what, [change, expected]] of Object.entries(cases)) {
    const trail = makeTrail(5);
    change(trail);
    // Log files of the last hour may be in a digest that is yet to come.
    expect(faultsOf(await verify(trail, { until: START + 6 * HOUR + 1800_000 })), what).toEqual(
      expected(trail),
    );
  }
});

test('a trail signed with a key of somebody else has no digest that is good', async () => {
  const trail = makeTrail(2);
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const items = await verify(trail, { keys: new Map([[FINGERPRINT, other]]), unlisted: false });
  expect(faultsOf(items)).toEqual(trail.digests.map((name) => ['changed-digest', name]));
  expect(items).toHaveLength(2);
});

test('it goes on behind a head, with nothing read twice, and notices another past', async () => {
  const trail = makeTrail(4);
  const first = (await verify(trail)).findLast(({ kind }) => kind === 'digest');
  if (first?.kind !== 'digest') throw new Error('no digest');
  const longer = makeTrail(4);
  expect(await verify(trail, { after: new Map([[first.chain, first.head]]) })).toEqual([]);
  const middle = (await verify(longer)).filter((item) => item.kind === 'digest')[1];
  if (middle === undefined) throw new Error('no digest');
  const rest = await verify(longer, { after: new Map([[middle.chain, middle.head]]) });
  expect(rest.map((item) => item.kind)).toEqual([
    'log-file',
    'log-file',
    'digest',
    'log-file',
    'log-file',
    'digest',
  ]);
  const wrong = { ...middle.head, sha256: sha256('another') };
  expect(faultsOf(await verify(longer, { after: new Map([[middle.chain, wrong]]) }))).toEqual([
    ['broken-chain', at(longer.digests, 2)],
  ]);
});

test('a part of a trail may begin anywhere where that is allowed, and be kept below another root', async () => {
  const trail = makeTrail(4);
  for (const name of [trail.digests[0], ...trail.logs.slice(0, 2)]) trail.files.delete(name ?? '');
  expect(faultsOf(await verify(trail, { partial: true }))).toEqual([]);
  expect(faultsOf(await verify(trail))).toEqual([['missing-digest', at(trail.digests, 0)]]);
  const root = 'AWSLogs/';
  const reader = {
    async *list(prefix: string) {
      for await (const name of trail.reader.list(root + prefix)) yield name.slice(root.length);
    },
    read: (name: string) => trail.reader.read(root + name),
    metadata: async (name: string) => trail.metadata.get(root + name),
  };
  const items = await collected(verifyTrail(reader, { keys: publicKeys, partial: true, root }));
  expect(faultsOf(items)).toEqual([]);
  expect(items).toHaveLength(9);
});

test('files beyond a bound are told, and nothing of them is given', async () => {
  const trail = makeTrail(1, 1);
  const limits = { maxContentBytes: 64 };
  expect(faultsOf(await verify(trail, { limits }))).toEqual([['unreadable-log-file', at(trail.logs, 0)]]);
  expect(faultsOf(await verify(trail, { limits: { maxDigestBytes: 64 } }))).toEqual([
    ['unreadable-digest', at(trail.digests, 0)],
  ]);
});

test('digests that were made later are a chain of their own, and need not reach until', async () => {
  const trail = makeTrail(3, 2, '_backfill');
  const items = await verify(trail, { until: START + 100 * HOUR });
  expect(faultsOf(items)).toEqual([]);
  expect(items.filter(({ kind }) => kind === 'log-file')).toHaveLength(6);
  expect(items.at(-1)).toMatchObject({ kind: 'digest', chain: expect.stringMatching(/_backfill$/) });
});

test('log files without any digest are told, not passed over', async () => {
  const trail = makeTrail(2);
  for (const name of trail.digests) trail.files.delete(name);
  expect(faultsOf(await verify(trail))).toEqual([['unlisted-log-file', at(trail.logs, 0)]]);
  expect(faultsOf(await verify(trail, { unlisted: false }))).toEqual([]);
});
