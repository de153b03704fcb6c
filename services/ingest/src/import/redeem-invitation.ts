/** Accepts the invitation of a provider: asks it for a token, and believes the keys that the invitation names. */
import { FederationDocument, readInvitation, trustKeys } from '@cadf-pipeline/federation';
import type { Invitation } from '@cadf-pipeline/federation';
import { faultOfUrl, GuardedHttpError, guardedFetch } from '@cadf-pipeline/guarded-http';
import type { AddressRules } from '@cadf-pipeline/guarded-http';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { PeerFeedChain } from '@cadf-pipeline/control-state';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { ingestErrors } from '../errors.ts';

export interface RedeemOptions {
  readonly rules: AddressRules;
  readonly ca: string | undefined;
  /** What this deployment calls itself: the provider sends nothing back to it that was here. */
  readonly issuer: string | undefined;
  /** How the provider is to call it. */
  readonly name: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

/** A feed that may be pulled. */
export interface AcceptedFeed {
  readonly url: string;
  readonly feed: string;
  readonly chain: string;
  readonly token: string;
  /** Text of the well-known document, with the keys that the invitation names and no others. */
  readonly trusted: string;
  readonly cadenceSeconds: number;
}

const Acceptance = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 4096 }),
  chain: PeerFeedChain,
  issuer: Type.String(),
  keys: FederationDocument,
  cadenceSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
});
type Acceptance = Static<typeof Acceptance>;

const acceptance = Compile(Acceptance);
const DEADLINE_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
const EXAMPLE = { example: 'https://audit.provider.example', proof: 'the invitation holds a secret for it' };

/** Reads it, as far as that can be told without asking. Throws IMPORT_INVITATION_REFUSED. */
export function openInvitation(
  text: string,
  { now, rules }: Pick<RedeemOptions, 'now' | 'rules'>,
): Invitation {
  const invitation = readInvitation(text);
  if (invitation === undefined)
    throw refused('The text is no invitation, or not the whole of one: it begins with `cadf-invitation.`.');
  if (!(Date.parse(invitation.expires) > now)) throw refused(`It counted until ${invitation.expires}.`);
  const fault = faultOfUrl(invitation.url, rules, EXAMPLE);
  if (fault !== undefined) throw refused(fault);
  return invitation;
}

/** Throws IMPORT_INVITATION_REFUSED and IMPORT_PEER_UNREACHABLE. */
export async function redeemInvitation(
  invitation: Invitation,
  { ca, issuer, name, rules }: RedeemOptions,
): Promise<AcceptedFeed> {
  const { feed, secret, url } = invitation;
  const answer = await ask(
    new URL(`${url.replace(/\/+$/, '')}/cadf/v1/feeds/${encodeURIComponent(feed)}/accept`),
    { secret, name, ...(issuer === undefined ? {} : { issuer }) },
    { rules, ca },
  );
  const { cadenceSeconds, chain, keys: document, token } = answer;
  if (answer.issuer !== invitation.issuer || document.issuer !== invitation.issuer)
    throw refused(
      `The provider answered as ${answer.issuer.slice(0, 256)}, the invitation is of ${invitation.issuer}.`,
    );
  if (!chain.startsWith(`${invitation.issuer}/`))
    throw refused('The feed that the provider answered with is of another issuer than the invitation.');
  // The thumbprints are computed here: what the provider calls its keys counts for nothing.
  const { keys } = await trustKeys(document.keys, document.issuer).catch((error: unknown) => {
    throw refused(`The keys of the provider cannot be used: ${messageOf(error)}.`);
  });
  const missing = invitation.keys.find((kid) => !keys.has(kid));
  if (missing !== undefined)
    throw refused(`The provider does not answer with the key ${missing}, which the invitation names.`);
  const named = new Set(invitation.keys);
  const all = await Promise.all(
    document.keys.map(async (key) => ({ key, kid: [...(await trustKeys([key])).keys.keys()][0] ?? '' })),
  );
  const trusted = all.flatMap(({ key, kid }) => (named.has(kid) ? [key] : []));
  return {
    url: url.replace(/\/+$/, ''),
    feed,
    chain,
    token,
    cadenceSeconds,
    trusted: JSON.stringify({ issuer: document.issuer, keys: trusted }),
  };
}

async function ask(
  url: URL,
  body: object,
  { ca, rules }: Pick<RedeemOptions, 'ca' | 'rules'>,
): Promise<Acceptance> {
  let status: number;
  let bytes: Buffer;
  try {
    const answer = await guardedFetch(
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: Buffer.from(JSON.stringify(body)),
        deadlineMs: DEADLINE_MS,
        maxBytes: MAX_ANSWER_BYTES,
      },
      { rules, ...(ca === undefined ? {} : { ca }), peer: 'provider', entered: 'the invitation' },
    );
    ({ status } = answer);
    bytes = await answer.bytes();
  } catch (error) {
    if (!(error instanceof GuardedHttpError)) throw error;
    throw new ProblemError(ingestErrors.IMPORT_PEER_UNREACHABLE, { detail: error.message, cause: error });
  }
  if (status === 429 || status >= 500)
    throw new ProblemError(ingestErrors.IMPORT_PEER_UNREACHABLE, {
      detail: `The provider answered ${status}.`,
    });
  if (status !== 200)
    throw refused(`The provider answered ${status}: it was used already, has expired, or the feed is gone.`);
  const told = parsed(bytes);
  if (!acceptance.Check(told)) throw refused('What the provider answered is no feed.');
  return told;
}

function refused(detail: string): ProblemError {
  return new ProblemError(ingestErrors.IMPORT_INVITATION_REFUSED, { detail });
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
