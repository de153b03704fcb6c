/** The public keys that digest files are signed with; AWS has a key pair per region and replaces it from time to time. */
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** By fingerprint, as `digestPublicKeyFingerprint` of a digest file names it. */
export type TrailKeys = ReadonlyMap<string, KeyObject>;

/** A key cannot be used. The message says which, why, and what to give. */
export class TrailKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TrailKeyError';
  }
}

/** What `aws cloudtrail list-public-keys` prints. */
const KeyList = Compile(
  Type.Object({
    PublicKeyList: Type.Array(Type.Object({ Value: Type.String(), Fingerprint: Type.String() }), {
      maxItems: 1000,
    }),
  }),
);
const FINGERPRINT = /^[0-9a-f]{32}$/;
const MIN_BITS = 2048;

/**
 * Keys out of what `aws cloudtrail list-public-keys` prints (JSON; values are PKCS#1 in base64), or one key as PEM or DER
 * (PKCS#1 or SubjectPublicKeyInfo), which needs its `fingerprint`: 32 hexadecimal digits. Throws `TrailKeyError`.
 */
export function readTrailKeys(content: string | Uint8Array, fingerprint?: string): TrailKeys {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  const start = bytes.toString('latin1', 0, 64).trimStart();
  if (start.startsWith('{')) return listed(bytes.toString());
  if (fingerprint === undefined) {
    throw new TrailKeyError(
      'A key in PEM or DER does not say its fingerprint. Give the fingerprint with it.',
    );
  }
  const name = toFingerprint(fingerprint);
  const key = start.startsWith('-----BEGIN')
    ? tryKey(() => createPublicKey({ key: bytes, format: 'pem' }))
    : fromDer(bytes);
  return new Map([[name, usable(key, name)]]);
}

function listed(text: string): TrailKeys {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TrailKeyError(
      'The list of keys is no JSON. Give what "aws cloudtrail list-public-keys" prints.',
    );
  }
  if (!KeyList.Check(value)) {
    throw new TrailKeyError(
      'The list of keys has no PublicKeyList of objects with Value and Fingerprint. Give what "aws cloudtrail list-public-keys" prints.',
    );
  }
  return new Map(
    value.PublicKeyList.map(({ Value, Fingerprint }) => {
      const name = toFingerprint(Fingerprint);
      return [name, usable(fromDer(Buffer.from(Value, 'base64')), name)];
    }),
  );
}

function fromDer(key: Buffer): KeyObject | undefined {
  return (
    tryKey(() => createPublicKey({ key, format: 'der', type: 'pkcs1' })) ??
    tryKey(() => createPublicKey({ key, format: 'der', type: 'spki' }))
  );
}

function tryKey(make: () => KeyObject): KeyObject | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function toFingerprint(text: string): string {
  const name = text.trim().toLowerCase().replaceAll(':', '');
  if (FINGERPRINT.test(name)) return name;
  throw new TrailKeyError(`"${text.slice(0, 80)}" is no fingerprint: 32 hexadecimal digits.`);
}

function usable(key: KeyObject | undefined, name: string): KeyObject {
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key !== undefined && key.asymmetricKeyType === 'rsa' && bits >= MIN_BITS) return key;
  throw new TrailKeyError(`The key ${name} is no RSA public key of ${MIN_BITS} bits or more.`);
}
