/**
 * What signs the deliveries of a webhook (Standard Webhooks): a key for HMAC-SHA256 (`v1`), which the receiver has too, and
 * a key pair for Ed25519 (`v1a`), of which it has the public half.
 */
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SealedSecret, Subscription } from '@cadf-pipeline/control-state';
import { Secret } from '@cadf-pipeline/service-kit';
import type { SecretBox } from './secret-box.ts';

export interface SigningKeys {
  readonly id: string;
  /** Of HMAC-SHA256, 24 to 64 bytes. */
  readonly hmac: Buffer;
  /** Of Ed25519. */
  readonly ed25519: KeyObject;
  /** Signs no more from then on, milliseconds since 1970 UTC; undefined: goes on. */
  readonly expiresMs?: number;
}

export interface MadeSecret {
  /** To be kept. Its public key is `whpk_` and 32 bytes in base64. */
  readonly kept: SealedSecret;
  /** What the owner of the subscription is told once: `whsec_` and the HMAC key in base64. */
  readonly secret: string;
}

const SECRET_PREFIX = 'whsec_';
const PUBLIC_PREFIX = 'whpk_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const MADE_BYTES = 32;
const SEED_BYTES = 32;
/** RFC 8410: what stands before the seed of an Ed25519 key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** RFC 8410: the public key is the end of its SubjectPublicKeyInfo. */
const PUBLIC_BYTES = 32;

/**
 * The HMAC key that somebody gives: `whsec_` and base64, or any other text, whose UTF-8 bytes are taken. Undefined where it
 * is not 24 to 64 bytes.
 */
export function readWebhookSecret(text: string): Buffer | undefined {
  if (text.startsWith(SECRET_PREFIX)) {
    const encoded = text.slice(SECRET_PREFIX.length);
    const bytes = Buffer.from(encoded, 'base64');
    // What is not base64 is passed over by the decoder: the key would be another than the receiver's.
    return bytes.toString('base64').replace(/=+$/, '') === encoded.replace(/=+$/, '')
      ? sized(bytes)
      : undefined;
  }
  return sized(Buffer.from(text));
}

/** Makes a secret: the HMAC key that was given, or a new one, and always a new key pair. */
export function makeWebhookSecret(
  box: SecretBox,
  subscription: string,
  nowMs: number,
  given?: Buffer,
): MadeSecret {
  const id = randomBytes(6).toString('hex');
  const hmac = given ?? randomBytes(MADE_BYTES);
  const seed = randomBytes(SEED_BYTES);
  const sealed = box.seal(
    new Secret(Buffer.concat([seed, hmac]).toString('base64')),
    contextOf(subscription, id),
  );
  const publicKey = createPublicKey(keyOfSeed(seed)).export({ type: 'spki', format: 'der' });
  return {
    kept: {
      id,
      sealed,
      publicKey: PUBLIC_PREFIX + publicKey.subarray(-PUBLIC_BYTES).toString('base64'),
      created: new Date(nowMs).toISOString(),
    },
    secret: SECRET_PREFIX + hmac.toString('base64'),
  };
}

/**
 * The keys that sign now, the newest first. Fewer than there should be where a secret does not open any more; none: nothing
 * can be sent before the owner rotates the secret.
 */
export function openWebhookSecrets(
  box: SecretBox,
  { id: subscription, sink }: Pick<Subscription, 'id' | 'sink'>,
  nowMs: number,
): readonly SigningKeys[] {
  if (sink.type !== 'webhook') return [];
  return sink.secrets.flatMap(({ expires, id, sealed }) => {
    const expiresMs = expires === undefined ? undefined : Date.parse(expires);
    if (expiresMs !== undefined && expiresMs <= nowMs) return [];
    const opened = box.open(sealed, contextOf(subscription, id));
    if (opened === undefined) return [];
    const bytes = Buffer.from(opened.reveal(), 'base64');
    const keys = {
      id,
      hmac: bytes.subarray(SEED_BYTES),
      ed25519: keyOfSeed(bytes.subarray(0, SEED_BYTES)),
    };
    return [expiresMs === undefined ? keys : { ...keys, expiresMs }];
  });
}

function contextOf(subscription: string, secret: string): string {
  return `webhook ${subscription} ${secret}`;
}

function keyOfSeed(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function sized(bytes: Buffer): Buffer | undefined {
  return bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES ? bytes : undefined;
}
