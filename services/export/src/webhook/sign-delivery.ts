/**
 * The headers that prove a delivery: Standard Webhooks 1.0.0, "Signature scheme" and "Webhook headers". The library of
 * the specification signs only what it can turn into a string and back; bodies here are bytes as they were accepted.
 */
import { createHmac, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** For a megabyte, which takes 5 ms, and 16 of them may be in a batch. What is small takes longer to get there. */
const signInThread = promisify<null, Buffer, KeyObject, Buffer>(sign);
const MAX_SIGNED_AT_ONCE = 64 * 1024;

/** What signs the deliveries of a subscription; several while a secret is rotated. */
export interface DeliveryKeys {
  /** For `v1`: HMAC-SHA256. */
  readonly hmac: Buffer;
  /** For `v1a`: private, Ed25519. */
  readonly ed25519: KeyObject;
  /** Signs no more from then on, milliseconds since 1970 UTC; undefined: goes on. */
  readonly expiresMs?: number;
}

export interface SignatureHeaders {
  /** The same whenever the same is sent again. */
  readonly 'webhook-id': string;
  /** Of the attempt, seconds since 1970 UTC. */
  readonly 'webhook-timestamp': string;
  /** `v1,…` and `v1a,…` of each key, the newest first, with a blank between. */
  readonly 'webhook-signature': string;
}

/** `id` is made by the pipeline and has no full stop in it; undefined where no key is valid at `nowMs`. */
export async function signDelivery(
  keys: readonly DeliveryKeys[],
  id: string,
  nowMs: number,
  body: Buffer,
): Promise<SignatureHeaders | undefined> {
  const valid = keys.filter(({ expiresMs }) => expiresMs === undefined || expiresMs > nowMs);
  if (valid.length === 0) return undefined;
  const timestamp = String(Math.floor(nowMs / 1000));
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const signatures = await Promise.all(
    valid.map(async ({ hmac, ed25519 }) => {
      const shared = createHmac('sha256', hmac).update(signed).digest('base64');
      const own =
        signed.length > MAX_SIGNED_AT_ONCE
          ? await signInThread(null, signed, ed25519)
          : sign(null, signed, ed25519);
      return `v1,${shared} v1a,${own.toString('base64')}`;
    }),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
