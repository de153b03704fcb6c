/**
 * Statements by which a key hands over to the next one, so that who trusts one key of a deployment comes to trust those that
 * follow it; docs/federation-format.md, "Rotation".
 */
import { exportJWK } from 'jose';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  FEDERATION_DOCUMENT_PATH,
  FederationDocument,
  FederationKey,
  MAX_KEYS,
  publicKeyOf,
} from './keys.ts';
import { Instant, Issuer } from './segment-manifest.ts';
import type { Signer } from './sign.ts';
import { KeysUnusable, trustKeys } from './trusted-keys.ts';
import type { TrustedKey, TrustedKeys } from './trusted-keys.ts';
import { parseJson } from './parse-json.ts';
import { verifySignature } from './verify-signature.ts';

/** `typ` of the protected header. */
export const ROTATION_TYPE = 'cadf-key-rotation';

/** What the key before signs. Members unknown to this version are let pass. */
export const KeyRotation = Type.Object({
  version: Type.Literal(1),
  issuer: Issuer,
  key: FederationKey,
  created: Instant,
  /** When the key that signs this is retired. */
  retired: Instant,
});
export type KeyRotation = Static<typeof KeyRotation>;

export interface FollowedKeys {
  readonly keys: TrustedKeys;
  /** The same to be kept: `readTrustedKeys` takes it as text. */
  readonly document: FederationDocument;
  /** Thumbprints of the keys that were not trusted before. */
  readonly added: readonly string[];
}

const published = Compile(FederationDocument);
const rotationSchema = Compile(KeyRotation);

/** A compact JWS of the key that is given up: `key` follows it. */
export function signRotation(signer: Signer, rotation: Omit<KeyRotation, 'version'>): Promise<string> {
  return signer.sign(ROTATION_TYPE, Buffer.from(JSON.stringify({ version: 1, ...rotation })));
}

/**
 * The keys that are trusted, and those they hand over to, as far as `document` (what a deployment publishes) has statements
 * of theirs. What else is in the document counts for nothing. `issuer`: whose keys they are, by default as the keys say, else
 * the document. Throws KeysUnusable where it is no document of `issuer`, and VerifyFault for a statement that a trusted key is said to have signed and did not.
 */
export async function followRotations(
  trusted: TrustedKeys,
  document: unknown,
  of: string | undefined = trusted.issuer,
): Promise<FollowedKeys> {
  if (!published.Check(document)) throw new KeysUnusable('what is published is no set of keys');
  const issuer = of ?? document.issuer;
  if (document.issuer !== issuer || (trusted.issuer ?? issuer) !== issuer)
    throw new KeysUnusable(`the keys published are those of another issuer: ${document.issuer}`);
  const known = new Map(trusted.keys);
  const added: string[] = [];
  for (const jws of document.rotations ?? []) {
    const rotation = await readRotation(jws, { issuer, keys: known });
    if (rotation === undefined) continue;
    const { by, next, retiredMs } = rotation;
    // Who gets hold of a key that is retired appoints nobody, whatever time he writes in the statement.
    if (by.retiredMs !== undefined) continue;
    known.set(by.kid, { ...by, retiredMs });
    if (known.has(next.kid)) continue;
    if (known.size >= MAX_KEYS) throw new KeysUnusable(`there are more than ${MAX_KEYS} keys`);
    known.set(next.kid, next);
    added.push(next.kid);
  }
  const keys = await Promise.all([...known.values()].map(toJwk));
  return { keys: { issuer, keys: known }, document: { issuer, keys }, added };
}

interface ReadRotation {
  readonly by: TrustedKey;
  readonly next: TrustedKey;
  readonly retiredMs: number;
}

/** Undefined for one of a key that is not trusted. */
async function readRotation(jws: string, keys: TrustedKeys): Promise<ReadRotation | undefined> {
  const header = parseJson(Buffer.from(jws.slice(0, jws.indexOf('.')), 'base64url'));
  const kid = typeof header === 'object' && header !== null && 'kid' in header ? header.kid : undefined;
  if (typeof kid !== 'string' || !keys.keys.has(kid)) return undefined;
  const site = { file: FEDERATION_DOCUMENT_PATH, invalid: 'signature-invalid' } as const;
  const { key: by, payload } = await verifySignature(Buffer.from(jws), undefined, ROTATION_TYPE, keys, site);
  const rotation = parseJson(payload);
  if (!rotationSchema.Check(rotation) || rotation.issuer !== keys.issuer) return undefined;
  const [next] = (await trustKeys([rotation.key])).keys.values();
  if (next === undefined) return undefined;
  return { by, next, retiredMs: Date.parse(rotation.retired) };
}

async function toJwk({ createdMs, key, kid, retiredMs }: TrustedKey): Promise<FederationKey> {
  const { x = '' } = await exportJWK(key);
  return publicKeyOf({
    x,
    kid,
    ...(createdMs === undefined ? {} : { created: new Date(createdMs).toISOString() }),
    ...(retiredMs === undefined ? {} : { retired: new Date(retiredMs).toISOString() }),
  });
}
