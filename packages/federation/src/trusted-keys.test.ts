import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { ISSUER, KEY_ONE } from './chain.test-support.ts';
import { createSigningKey, federationDocument, publicKeyOf, readTrustedKeys } from './index.ts';

const one = publicKeyOf(KEY_ONE);

test('the published document says whose keys they are, and holds nothing private', async () => {
  const other = await createSigningKey(Date.parse('2026-03-01T00:00:00Z'));
  const document = federationDocument(ISSUER, [one, publicKeyOf(other)]);
  expect(JSON.stringify(document)).not.toContain('"d"');
  const { issuer, keys } = await readTrustedKeys(JSON.stringify(document));
  expect(issuer).toBe(ISSUER);
  expect([...keys.keys()]).toEqual([other.kid, KEY_ONE.kid]);
});

test('of a set, keys of other kinds are passed over', async () => {
  const { keys } = await readTrustedKeys(JSON.stringify({ keys: [{ kty: 'RSA', n: 'x', e: 'AQAB' }, one] }));
  expect([...keys.keys()]).toEqual([KEY_ONE.kid]);
});

test('a private key verifies with its public part alone', async () => {
  const { keys } = await readTrustedKeys(JSON.stringify(KEY_ONE));
  expect(keys.get(KEY_ONE.kid)?.key.type).toBe('public');
});

const pem = (type: 'ed25519' | 'ed448'): string =>
  (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ed448')).publicKey
    .export({ format: 'pem', type: 'spki' })
    .toString();

test('several keys may stand in one PEM file', async () => {
  expect((await readTrustedKeys(`${pem('ed25519')}\n${pem('ed25519')}`)).keys.size).toBe(2);
});

test.each([
  ['nothing', '', /neither JSON nor PEM/],
  ['another thing', '[1]', /no Ed25519 public key/],
  ['an empty set', '{"keys":[]}', /no Ed25519 public key/],
  ['a wrong key id', JSON.stringify({ ...one, kid: 'A'.repeat(43) }), /another thumbprint/],
  ['a key cut off', JSON.stringify({ ...one, x: 'AAAA' }), /damaged: \/x/],
  ['another use', JSON.stringify({ ...one, use: 'enc' }), /damaged: \/use/],
  ['a key twice', JSON.stringify({ keys: [one, one] }), /twice/],
  ['no name of an issuer', JSON.stringify({ issuer: 7, keys: [one] }), /issuer/],
  ['PEM of another curve', pem('ed448'), /not of Ed25519/],
  ['a private key in PEM', '-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----', /BEGIN PUBLIC KEY/],
])('a file without usable keys is refused: %s', async (_, text, message) => {
  await expect(readTrustedKeys(text)).rejects.toThrow(message);
});

test.each(['2026-13-01T00:00:00Z', '2026-01-32T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:00:60Z'])(
  'a key that was retired at no time is refused, not taken as in use: %s',
  async (retired) => {
    await expect(readTrustedKeys(JSON.stringify({ ...one, retired }))).rejects.toThrow(/damaged: \/retired/);
  },
);
