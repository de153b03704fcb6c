/** The public keys that whoever verifies trusts, out of a file: JWK, JWK set, saved well-known document, or PEM. */
import { calculateJwkThumbprint, exportJWK, importJWK, importSPKI } from 'jose';
import type { CryptoKey } from 'jose';
import { Compile } from 'typebox/compile';
import { FederationKey, MAX_KEYS } from './keys.ts';
import { Issuer } from './segment-manifest.ts';

/** Bytes of a file of keys. */
export const MAX_KEY_FILE_BYTES = 1024 * 1024;

export interface TrustedKey {
  readonly kid: string;
  readonly key: CryptoKey;
  /** Milliseconds since 1970 UTC, where it is said. */
  readonly createdMs?: number;
  readonly retiredMs?: number;
}

export interface TrustedKeys {
  /** Whose keys they are, where the file says it: then only manifests of this issuer pass. */
  readonly issuer?: string;
  /** By `kid`. 1 or more. */
  readonly keys: ReadonlyMap<string, TrustedKey>;
}

/** The file holds no keys that can verify. The message is for people, and holds nothing of a private key. */
export class KeysUnusable extends Error {
  override readonly name = 'KeysUnusable';
}

const issuerName = Compile(Issuer);
const jwk = Compile(FederationKey);

/**
 * Reads the text of a file: one JWK, a JWK set, the document of `/.well-known/cadf-federation.json`, or PEM with one or
 * more public keys (SPKI, RFC 8410). Keys of a set that are of another kind are passed over. Throws KeysUnusable.
 */
export async function readTrustedKeys(text: string): Promise<TrustedKeys> {
  const trimmed = text.trim();
  if (trimmed.startsWith('-----BEGIN')) return { keys: byKid(await keysOfPem(trimmed)) };
  const content = parse(trimmed);
  if (!isObject(content) || !Array.isArray(content['keys'])) return trustKeys([content]);
  const issuer = content['issuer'];
  if (issuer === undefined) return trustKeys(content['keys']);
  if (!issuerName.Check(issuer)) throw new KeysUnusable('its issuer is no name of one');
  return trustKeys(content['keys'], issuer);
}

/** JWKs that are known already, such as those of a peer: as `readTrustedKeys`. */
export async function trustKeys(keys: readonly unknown[], issuer?: string): Promise<TrustedKeys> {
  return { ...(issuer === undefined ? {} : { issuer }), keys: byKid(await keysOfSet(keys)) };
}

async function keysOfSet(members: readonly unknown[]): Promise<readonly TrustedKey[]> {
  if (members.length > MAX_KEYS) throw new KeysUnusable(`there are more than ${MAX_KEYS} keys`);
  return Promise.all(members.filter((member) => isEd25519(member)).map((member) => keyOfJwk(member)));
}

async function keyOfJwk(member: unknown): Promise<TrustedKey> {
  if (!jwk.Check(member)) {
    const [first] = jwk.Errors(member);
    throw new KeysUnusable(`a key is damaged: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim());
  }
  const { kty, crv, x, created, retired } = member;
  const kid = await calculateJwkThumbprint({ kty, crv, x }, 'sha256');
  if (member.kid !== undefined && member.kid !== kid) {
    throw new KeysUnusable(`the key "${member.kid}" has another thumbprint (RFC 7638): ${kid}`);
  }
  // Only what is public is handed on, also where the file holds the private key.
  const key = await importJWK({ kty, crv, x }, 'EdDSA').catch((error: unknown) => {
    throw new KeysUnusable(`the key "${kid}" is no point of Ed25519`, { cause: error });
  });
  if (key instanceof Uint8Array) throw new KeysUnusable(`the key "${kid}" is no public key`);
  return {
    kid,
    key,
    ...(created === undefined ? {} : { createdMs: Date.parse(created) }),
    ...(retired === undefined ? {} : { retiredMs: Date.parse(retired) }),
  };
}

async function keysOfPem(text: string): Promise<readonly TrustedKey[]> {
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length > MAX_KEYS) throw new KeysUnusable(`there are more than ${MAX_KEYS} keys`);
  return Promise.all(
    blocks.map(async (block) => {
      const key = await importSPKI(block, 'EdDSA', { extractable: true }).catch((error: unknown) => {
        throw new KeysUnusable('a public key in it is not of Ed25519', { cause: error });
      });
      const kid = await calculateJwkThumbprint(await exportJWK(key), 'sha256');
      return { kid, key };
    }),
  );
}

function byKid(keys: readonly TrustedKey[]): ReadonlyMap<string, TrustedKey> {
  if (keys.length === 0) {
    throw new KeysUnusable(
      'there is no Ed25519 public key in it; give a JWK, a JWK set, the saved /.well-known/cadf-federation.json, or PEM with BEGIN PUBLIC KEY',
    );
  }
  const found = new Map<string, TrustedKey>();
  for (const key of keys) {
    if (found.has(key.kid)) throw new KeysUnusable(`the key "${key.kid}" is in it twice`);
    found.set(key.kid, key);
  }
  return found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KeysUnusable('it is neither JSON nor PEM', { cause: error });
  }
}

function isEd25519(member: unknown): boolean {
  return isObject(member) && member['kty'] === 'OKP' && member['crv'] === 'Ed25519';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
