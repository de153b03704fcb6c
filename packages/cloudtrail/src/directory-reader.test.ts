import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { directoryReader } from './directory-reader.ts';
import { readTrailKeys, TrailKeyError } from './trail-keys.ts';
import { collected, FINGERPRINT, keyPair, makeTrail, publicKeys } from './trail.test-support.ts';
import { verifyTrail } from './verify-trail.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'trail-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('a copied bucket is verified with signatures beside the digests, in either form', async () => {
  const root = await folder();
  const { files, metadata, digests } = makeTrail(3);
  for (const [name, content] of files) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  const reader = directoryReader(root);
  const faults = async (): Promise<string[]> => {
    const items = await collected(verifyTrail(reader, { keys: publicKeys, unlisted: false }));
    return items.flatMap((item) => (item.kind === 'fault' ? [item.fault.code] : []));
  };
  expect(await faults()).toEqual(['unsigned-digest', 'unsigned-digest', 'unsigned-digest']);
  const [first = '', second = '', third = ''] = digests;
  await writeFile(join(root, `${first}.signature`), `${metadata.get(first)?.['signature']}\n`);
  const head = { ContentType: 'application/json', Metadata: metadata.get(second) };
  await writeFile(join(root, `${second}.metadata.json`), JSON.stringify(head, undefined, 4));
  await writeFile(join(root, `${third}.metadata.json`), JSON.stringify(metadata.get(third)));
  expect(await faults()).toEqual([]);
});

test('names lead nowhere but into the directory', async () => {
  const root = await folder();
  const outside = await folder();
  await writeFile(join(outside, 'secret'), 'x');
  await writeFile(join(root, 'plain'), 'y');
  await symlink(join(outside, 'secret'), join(root, 'link'));
  await symlink(outside, join(root, 'folder'));
  const reader = directoryReader(root);
  for (const name of [
    '../secret',
    'link',
    'folder/secret',
    '/etc/passwd',
    '',
    '.',
    'a\0b',
    'none',
    'plain/x',
  ])
    expect(await reader.read(name), name).toBeUndefined();
  expect(await reader.read('plain')).toBeDefined();
  expect(await collected(reader.list(''))).toEqual(['plain']);
  expect(await collected(reader.list('../'))).toEqual([]);
});

test('keys are read as AWS lists them, as PEM and as DER', () => {
  const der = keyPair.publicKey.export({ type: 'pkcs1', format: 'der' });
  const list = { PublicKeyList: [{ Value: der.toString('base64'), Fingerprint: FINGERPRINT }] };
  const spki = keyPair.publicKey.export({ type: 'spki', format: 'der' });
  const pem = keyPair.publicKey.export({ type: 'spki', format: 'pem' });
  const all = [
    readTrailKeys(JSON.stringify(list)),
    readTrailKeys(der, FINGERPRINT),
    readTrailKeys(spki, FINGERPRINT.toUpperCase()),
    readTrailKeys(pem, FINGERPRINT),
  ];
  for (const keys of all) expect(keys.get(FINGERPRINT)?.equals(keyPair.publicKey)).toBe(true);
  expect(() => readTrailKeys(pem)).toThrow(TrailKeyError);
  expect(() => readTrailKeys(pem, 'main key')).toThrow('no fingerprint');
  expect(() => readTrailKeys('{"PublicKeyList":[{}]}')).toThrow('PublicKeyList');
  expect(() => readTrailKeys('not a key', FINGERPRINT)).toThrow('no RSA public key');
});
