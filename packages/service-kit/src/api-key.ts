/**
 * API keys: `cadf_<keyId>_<secret>`. The id is public and finds the key; the secret is 32 random bytes, base64url.
 *
 * A key is stored as the SHA-256 of the whole token, without salt or stretching: those protect secrets that a
 * person chose and that can be guessed from a hash. 256 random bits cannot, and a slow hash would cost every
 * request what it should cost an attacker only.
 */

import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Id of a key: lower-case letters, digits, `-`; no `_`, which ends it in the token. */
export const KEY_ID_PATTERN = '^[a-z0-9][a-z0-9-]{0,62}$';

const TOKEN = /^cadf_([a-z0-9][a-z0-9-]{0,62})_([A-Za-z0-9_-]{43})$/;

/** Where tokens stand in a text, of keys and of feeds, to blot them out. */
export const TOKEN_IN_TEXT = /cadff?_[a-z0-9][a-z0-9-]{0,62}_[A-Za-z0-9_-]{16,}/g;

/** Makes a new token for a key id (which fits `KEY_ID_PATTERN`, else it throws). It is shown once and never stored. */
export function createToken(keyId: string): string {
  const token = `cadf_${keyId}_${randomBytes(32).toString('base64url')}`;
  if (!TOKEN.test(token)) throw new Error(`key id ${JSON.stringify(keyId)} does not fit ${KEY_ID_PATTERN}`);
  return token;
}

/** A new random key id: 12 hexadecimal digits. */
export function createKeyId(): string {
  return randomBytes(6).toString('hex');
}

/** The id within a token, or undefined where the text is no token. */
export function keyIdOf(token: string): string | undefined {
  return TOKEN.exec(token)?.[1];
}

/** What is stored of a token: SHA-256, lower-case hex, 64 characters. */
export function hashKey(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Compares in constant time. `stored` is the 32 bytes of a hash. */
export function hashMatches(stored: Buffer, token: string): boolean {
  return timingSafeEqual(stored, hash('sha256', token, 'buffer'));
}
