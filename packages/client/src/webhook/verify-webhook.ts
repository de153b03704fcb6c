/**
 * Whether a webhook is from the service, and what it brings: Standard Webhooks, signature schemes `v1` (HMAC-SHA256) and
 * `v1a` (Ed25519). https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { ClientError, clientCodes } from '../client-error.ts';
import type { CadfEvent } from '../query/query-events.ts';
import { readWebhookEvents } from './read-webhook-events.ts';

/** As Node's `request.headers`, or those of `fetch`. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface WebhookToVerify {
  readonly headers: WebhookHeaders;
  /** The body exactly as it came, before anything parsed it. */
  readonly body: string | Uint8Array;
  /** `whsec_…`, as the service showed it. At least one secret or public key. */
  readonly secret?: string;
  /** Several while secrets are rotated: any that fits is enough. */
  readonly secrets?: readonly string[];
  /** `whpk_…`: the Ed25519 key of the service. */
  readonly publicKey?: string;
  /** How far the time of sending may be from now, either way. Default 300. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since 1970 UTC. Default Date.now(). */
  readonly nowMs?: number;
}

export interface VerifiedWebhook {
  /** The same each time the batch is sent: who keeps it knows a batch that comes again. */
  readonly id: string;
  readonly sent: Date;
  /** In the order in which they were accepted. */
  readonly events: readonly CadfEvent[];
  /** Where to go on after the batch; safe to keep. The signature does not cover it (nor any header but id and time). */
  readonly cursor?: string;
  /** Id of the subscription; not covered by the signature either. */
  readonly subscription?: string;
  /** Sent on request, to try the way: its events are made up. */
  readonly test: boolean;
}

/**
 * Throws ClientError CLIENT_WEBHOOK_INVALID, saying what does not fit: answer 400 then, and the service tries again.
 * Throws TypeError for a secret or key that is none. Compares in constant time.
 */
export function verifyWebhook(webhook: WebhookToVerify): VerifiedWebhook {
  const { body, toleranceSeconds = 300, nowMs = Date.now() } = webhook;
  const signers = signersOf(webhook);
  const header = (name: string): string | undefined => headerOf(webhook.headers, name);
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const signatures = header('webhook-signature');
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    throw invalid('webhook-id, webhook-timestamp or webhook-signature is missing');
  }
  if (!/^\d{1,12}$/.test(timestamp)) throw invalid('webhook-timestamp is no time in seconds');
  const seconds = Number(timestamp);
  // Not `>`: a tolerance that is NaN tolerates nothing.
  if (!(Math.abs(nowMs / 1000 - seconds) <= toleranceSeconds)) {
    throw invalid(`it was sent more than ${toleranceSeconds} s from now, by the clock of this machine`);
  }
  const text = typeof body === 'string' ? body : decode(body);
  const given = signatures.split(' ').slice(0, MAX_SIGNATURES);
  if (!signers.some((signs) => signs({ id, seconds, text }, given))) {
    throw invalid(
      'no signature fits: check the secret, and that the body is the one that came, byte for byte',
    );
  }
  const cursor = header('cadf-cursor');
  const subscription = header('cadf-subscription');
  return {
    id,
    sent: new Date(seconds * 1000),
    events: readWebhookEvents(header('content-type') ?? '', text),
    ...(cursor === undefined ? {} : { cursor }),
    ...(subscription === undefined ? {} : { subscription }),
    test: header('cadf-test') === 'true',
  };
}

/** More than any rotation needs. */
const MAX_SIGNATURES = 20;
const SCHEME = { hmac: 'v1,', ed25519: 'v1a,' } as const;
const PUBLIC_KEY_PREFIX = 'whpk_';

interface Signed {
  readonly id: string;
  readonly seconds: number;
  readonly text: string;
}

/** Whether one of the given signatures is this signer's. */
type Signer = (signed: Signed, given: readonly string[]) => boolean;

function signersOf({ secret, secrets = [], publicKey }: WebhookToVerify): readonly Signer[] {
  const all = secret === undefined ? secrets : [secret, ...secrets];
  const signers = [
    ...all.map((one) => hmacSigner(secretOf(one))),
    ...(publicKey === undefined ? [] : [ed25519Signer(publicKeyOf(publicKey))]),
  ];
  if (signers.length === 0) throw new TypeError('A secret or a public key is needed.');
  return signers;
}

function hmacSigner(webhook: Webhook): Signer {
  return ({ id, seconds, text }, given) => {
    const expected = Buffer.from(webhook.sign(id, new Date(seconds * 1000), text));
    return given.some((one) => {
      const bytes = Buffer.from(one);
      return (
        one.startsWith(SCHEME.hmac) && bytes.length === expected.length && timingSafeEqual(bytes, expected)
      );
    });
  };
}

function ed25519Signer(key: KeyObject): Signer {
  return ({ id, seconds, text }, given) => {
    const content = Buffer.from(`${id}.${seconds}.${text}`);
    return given.some(
      (one) =>
        one.startsWith(SCHEME.ed25519) &&
        verify(null, content, key, Buffer.from(one.slice(SCHEME.ed25519.length), 'base64')),
    );
  };
}

function secretOf(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch (error) {
    throw new TypeError('A secret is whsec_ and base64, as the service showed it.', { cause: error });
  }
}

function publicKeyOf(key: string): KeyObject {
  const bytes = key.startsWith(PUBLIC_KEY_PREFIX)
    ? Buffer.from(key.slice(PUBLIC_KEY_PREFIX.length), 'base64')
    : undefined;
  if (bytes?.length !== 32) throw new TypeError('A public key is whpk_ and 32 bytes in base64.');
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
    format: 'jwk',
  });
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : found?.[0];
}

/** What is not UTF-8 is not from the service; read loosely, another body could have the same text. */
function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw invalid('the body is not UTF-8');
  }
}

function invalid(why: string): ClientError {
  return new ClientError(clientCodes.CLIENT_WEBHOOK_INVALID, `The webhook is refused: ${why}.`);
}
