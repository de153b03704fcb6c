/**
 * Tokens that let somebody pull one feed, `cadff_<id>_<secret>`, and secrets of invitations. Of both the SHA-256 is kept, as
 * of API keys: 256 random bits cannot be guessed from it.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Feed, FeedCredential, FeedInvitation } from '@cadf-pipeline/control-state';

export interface MadeCredential {
  readonly credential: FeedCredential;
  /** Shown once. */
  readonly token: string;
}

const TOKEN = /^cadff_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

export function makeCredential(
  nowMs: number,
  { expires, name }: { readonly expires?: string | undefined; readonly name?: string | undefined },
): MadeCredential {
  const id = newId();
  const token = `cadff_${id}_${newSecret()}`;
  const credential = {
    id,
    hash: hashOf(token),
    ...(name === undefined ? {} : { name }),
    created: new Date(nowMs).toISOString(),
    ...(expires === undefined ? {} : { expires }),
  };
  return { credential, token };
}

/** Which credential of the feed the token is; undefined: none that counts now. */
export function credentialOf(
  { credentials }: Pick<Feed, 'credentials'>,
  token: string,
  nowMs: number,
): FeedCredential | undefined {
  const id = TOKEN.exec(token)?.[1];
  const found = credentials.find((credential) => credential.id === id);
  if (found === undefined || !matches(found.hash, token)) return undefined;
  return found.expires === undefined || Date.parse(found.expires) > nowMs ? found : undefined;
}

export function makeInvitation(
  nowMs: number,
  lifeMs: number,
): { readonly invitation: FeedInvitation; readonly secret: string } {
  const id = newId();
  const secret = `${id}_${newSecret()}`;
  const [created, expires] = [nowMs, nowMs + lifeMs].map((ms) => new Date(ms).toISOString());
  return { invitation: { id, hash: hashOf(secret), created: created ?? '', expires: expires ?? '' }, secret };
}

/** `reason`: why it counts for nothing; for the log, whoever sent it is not told. `invitation`: it has the secret. */
export type InvitationVerdict =
  | { readonly valid: FeedInvitation }
  | { readonly reason: 'unknown' | 'mismatch' }
  | { readonly reason: 'used' | 'expired'; readonly invitation: FeedInvitation };

/** Whether the secret is one of an invitation that counts now. */
export function invitationOf(
  { invitations }: Pick<Feed, 'invitations'>,
  secret: string,
  nowMs: number,
): InvitationVerdict {
  const found = invitations.find(({ id }) => secret.startsWith(`${id}_`));
  if (found === undefined) return { reason: 'unknown' };
  if (!matches(found.hash, secret)) return { reason: 'mismatch' };
  if (found.used !== undefined) return { reason: 'used', invitation: found };
  return Date.parse(found.expires) > nowMs ? { valid: found } : { reason: 'expired', invitation: found };
}

function newId(): string {
  return randomBytes(6).toString('hex');
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(token: string): string {
  return hash('sha256', token, 'hex');
}

/** In constant time. */
function matches(kept: string, token: string): boolean {
  return timingSafeEqual(Buffer.from(kept, 'hex'), hash('sha256', token, 'buffer'));
}
