import { expect, test } from 'vitest';
import { ISSUER, KEY_ONE } from './chain.test-support.ts';
import {
  createSigningKey,
  federationDocument,
  followRotations,
  openSigner,
  publicKeyOf,
  readTrustedKeys,
  signRotation,
  trustKeys,
} from './index.ts';
import type { FederationDocument, SigningKey } from './index.ts';

const days = (count: number): string => new Date(Date.UTC(2026, 1, count)).toISOString();
const keyOfDay = (count: number): Promise<SigningKey> => createSigningKey(Date.parse(days(count)));
const [two, three, stranger] = [await keyOfDay(1), await keyOfDay(5), await keyOfDay(9)];
const trusted = await trustKeys([publicKeyOf(KEY_ONE)], ISSUER);

async function handOver(from: SigningKey, to: SigningKey, day: number, issuer = ISSUER): Promise<string> {
  const retired = days(day + 1);
  return signRotation(await openSigner(from), { issuer, key: publicKeyOf(to), created: days(day), retired });
}

function publishing(...rotations: readonly string[]): FederationDocument {
  return federationDocument(ISSUER, [KEY_ONE, two, three, stranger].map(publicKeyOf), rotations);
}

test('keys are followed over several rotations, and keep when they were retired', async () => {
  const document = publishing(await handOver(KEY_ONE, two, 1), await handOver(two, three, 5));
  const { added, document: kept, keys } = await followRotations(trusted, document, ISSUER);
  expect(added).toEqual([two.kid, three.kid]);
  expect(keys.keys.get(KEY_ONE.kid)?.retiredMs).toBe(Date.parse(days(2)));
  expect(keys.keys.get(three.kid)?.retiredMs).toBeUndefined();
  const again = await readTrustedKeys(JSON.stringify(kept));
  expect([...again.keys.keys()]).toEqual([KEY_ONE.kid, two.kid, three.kid]);
  expect(again.keys.get(two.kid)?.retiredMs).toBe(Date.parse(days(6)));
  // Who begins with the second key needs nothing of the first.
  const later = await followRotations(await trustKeys([publicKeyOf(two)]), document, ISSUER);
  expect(later.added).toEqual([three.kid]);
  expect((await followRotations(keys, document, ISSUER)).added).toEqual([]);
});

test('a key that is published and that no trusted key hands over to is not trusted', async () => {
  const none = await followRotations(trusted, publishing(), ISSUER);
  expect(none.added).toEqual([]);
  const byItself = await followRotations(trusted, publishing(await handOver(stranger, two, 1)), ISSUER);
  expect(byItself.added).toEqual([]);
  const ofAnother = await handOver(KEY_ONE, two, 1, 'urn:uuid:another');
  expect((await followRotations(trusted, publishing(ofAnother), ISSUER)).added).toEqual([]);
});

test('a key that is retired hands over to nobody else, also not with an earlier date', async () => {
  const good = await handOver(KEY_ONE, two, 1);
  const { keys } = await followRotations(trusted, publishing(good), ISSUER);
  for (const day of [-5, 1, 5]) {
    const stolen = await handOver(KEY_ONE, stranger, day);
    expect((await followRotations(trusted, publishing(good, stolen), ISSUER)).added).toEqual([two.kid]);
    expect((await followRotations(keys, publishing(stolen, good), ISSUER)).added).toEqual([]);
  }
});

test('a statement that was changed is a fault', async () => {
  const [header, payload, signature] = (await handOver(KEY_ONE, two, 1)).split('.');
  const changed = Buffer.from(
    Buffer.from(payload ?? '', 'base64url')
      .toString()
      .replace(two.x, stranger.x),
  ).toString('base64url');
  const document = publishing(`${header}.${changed}.${signature}`);
  await expect(followRotations(trusted, document, ISSUER)).rejects.toMatchObject({
    fault: { code: 'signature-wrong' },
  });
  const manifest = await (await openSigner(KEY_ONE)).sign('cadf-manifest', Buffer.from('{}'));
  await expect(followRotations(trusted, publishing(manifest), ISSUER)).rejects.toMatchObject({
    fault: { code: 'signature-invalid' },
  });
});

test.each([
  ['no document', { keys: 1 }, /no set of keys/],
  ['of another issuer', { ...publishing(), issuer: 'urn:uuid:another' }, /another issuer/],
])('%s is refused', async (_, document, message) => {
  await expect(followRotations(trusted, document, ISSUER)).rejects.toThrow(message);
});
