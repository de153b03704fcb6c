/** Keys that sign segments: Ed25519 as JWK (RFC 8037), named by their thumbprint (RFC 7638), published as a JWK set (RFC 7517 5). */
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Instant, Issuer } from './segment-manifest.ts';

/** Where a deployment publishes its keys, below its origin. */
export const FEDERATION_DOCUMENT_PATH = '/.well-known/cadf-federation.json';
/** Keys of one set; retired ones stay in it. */
export const MAX_KEYS = 1000;

const Base64Url32 = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });

const publicMembers = {
  kty: Type.Literal('OKP'),
  crv: Type.Literal('Ed25519'),
  x: Base64Url32,
  kid: Type.Optional(Base64Url32),
  alg: Type.Optional(Type.Literal('EdDSA')),
  use: Type.Optional(Type.Literal('sig')),
  created: Type.Optional(Instant),
  retired: Type.Optional(Instant),
};

/** A public key. `retired`: what was signed later than that is refused. `kid`: RFC 7638 thumbprint, SHA-256. */
export const FederationKey = Type.Object(publicMembers);
export type FederationKey = Static<typeof FederationKey>;

/** A secret: `d` is the private key. */
export const SigningKey = Type.Object({
  ...publicMembers,
  kid: Base64Url32,
  created: Instant,
  d: Base64Url32,
});
export type SigningKey = Static<typeof SigningKey>;

/** What `/.well-known/cadf-federation.json` holds: a JWK set that says whose it is. */
export const FederationDocument = Type.Object({
  issuer: Issuer,
  keys: Type.Array(FederationKey, { maxItems: MAX_KEYS }),
  rotations: Type.Optional(
    Type.Array(Type.String({ pattern: '^[A-Za-z0-9_.-]{1,4096}$' }), {
      maxItems: MAX_KEYS,
      description:
        'By which one key hands over to the next, the oldest first: compact JWS, each by the key before',
    }),
  ),
});
export type FederationDocument = Static<typeof FederationDocument>;

const signingKey = Compile(SigningKey);

/** A new key that signs from now on. Keep it sealed. */
export async function createSigningKey(nowMs: number): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x, d } = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: x ?? '' }, 'sha256');
  return signingKey.Parse({
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    d,
    kid,
    alg: 'EdDSA',
    use: 'sig',
    created: new Date(nowMs).toISOString(),
  });
}

/** The public part of a key, private or public; nothing else gets over. */
export function publicKeyOf({
  x,
  kid,
  created,
  retired,
}: Pick<FederationKey, 'x' | 'kid' | 'created' | 'retired'>): FederationKey {
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    ...(kid === undefined ? {} : { kid }),
    alg: 'EdDSA',
    use: 'sig',
    ...(created === undefined ? {} : { created }),
    ...(retired === undefined ? {} : { retired }),
  };
}

/** The document of a deployment: keys that sign now and those that did, the newest first; `rotations` the oldest first. */
export function federationDocument(
  issuer: string,
  keys: readonly FederationKey[],
  rotations: readonly string[] = [],
): FederationDocument {
  const newest = (key: FederationKey): string => key.created ?? '';
  const sorted = keys.toSorted((a, b) => (newest(a) < newest(b) ? 1 : -1));
  return { issuer, keys: sorted, ...(rotations.length === 0 ? {} : { rotations: [...rotations] }) };
}
