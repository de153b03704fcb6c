/** Bodies and answers of the routes that give tokens of a feed, and their examples. */
import { FederationDocument, Invitation, writeInvitation } from '@cadf-pipeline/federation';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { FEED_PARAMS } from './feed-routes.ts';
import { FeedCredentialView, feedExample } from './feed-view.ts';
import { FEEDS_PATH } from './feeds.ts';

export const DEFAULT_INVITATION_SECONDS = 86_400;
const MAX_INVITATION_SECONDS = 30 * 86_400;
const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 256, description: 'Of who gets it, for people' });

export const NewCredential = Type.Object(
  {
    name: Type.Optional(Name),
    expires: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'A time with its zone; left out: it counts until it is deleted',
      }),
    ),
  },
  closed,
);
export type NewCredential = Static<typeof NewCredential>;
export const NewCredentialBody = Type.Union([NewCredential, Type.Null()], { examples: [{ name: 'acme' }] });
const EXAMPLE_TOKEN = `cadff_5f0e4d539a55_${'A'.repeat(43)}`;
export const ToldCredential = Type.Object(
  { ...FeedCredentialView.properties, token: Type.String({ description: 'Shown this once' }) },
  { description: 'A token that pulls this feed, and nothing else' },
);
export const CREDENTIAL_EXAMPLE = { ...feedExample.credentials[0], token: EXAMPLE_TOKEN };
export const CredentialParams = Type.Object({
  ...FEED_PARAMS.properties,
  credential: Type.String({
    pattern: '^[0-9a-f]{12}$',
    description: 'Id of a token',
    examples: [feedExample.credentials[0].id],
  }),
});
export type CredentialParams = Static<typeof CredentialParams>;

export const NewInvitation = Type.Object(
  {
    url: Type.String({
      maxLength: 2048,
      pattern: '^https?://[^\\s/?#@]{1,1024}(/[^\\s?#]{0,1000})?$',
      description: 'Where the recipient reaches this deployment: scheme, host and port',
    }),
    seconds: Type.Optional(
      Type.Integer({
        minimum: 60,
        maximum: MAX_INVITATION_SECONDS,
        description: `How long it counts; default ${DEFAULT_INVITATION_SECONDS}`,
      }),
    ),
  },
  { ...closed, examples: [{ url: 'https://audit.provider.example' }] },
);
export type NewInvitation = Static<typeof NewInvitation>;
const EXAMPLE_KEY = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
const EXAMPLE_ISSUER = 'urn:uuid:0e8f9a52-6a0c-4a56-8f0e-4d539a550d1f';
export const INVITATION_EXAMPLE = {
  invitation: writeInvitation({
    v: 1,
    url: 'https://audit.provider.example',
    feed: feedExample.id,
    issuer: EXAMPLE_ISSUER,
    keys: [EXAMPLE_KEY],
    secret: `5f0e4d539a55_${'A'.repeat(43)}`,
    expires: '2026-11-02T12:00:00.000Z',
  }),
  id: '5f0e4d539a55',
  expires: '2026-11-02T12:00:00.000Z',
};
export const ToldInvitation = Type.Object(
  {
    id: Type.String(),
    invitation: Type.String({ description: 'To be given to the recipient by a way that nobody else reads' }),
    expires: Type.String({ description: 'RFC 3339, ms' }),
  },
  { description: 'The invitation, shown this once' },
);

export const Acceptance = Type.Object(
  {
    secret: Invitation.properties.secret,
    issuer: Type.Optional(
      Type.String({
        pattern: '^[!-~]{1,256}$',
        description: 'What the recipient calls itself in reporter chains: what was with it is not sent to it',
      }),
    ),
    name: Type.Optional(Name),
  },
  { ...closed, examples: [{ secret: `5f0e4d539a55_${'A'.repeat(43)}`, name: 'acme' }] },
);
export type Acceptance = Static<typeof Acceptance>;
export const Accepted = Type.Object(
  {
    token: Type.String({ description: 'Pulls this feed; shown this once' }),
    feed: Type.String({ description: 'Id of the feed' }),
    chain: Type.String({ description: 'Name of its chain' }),
    issuer: Type.String({ description: 'Of the chain' }),
    keys: FederationDocument,
    cadenceSeconds: Type.Integer({ description: 'How often there are new segments' }),
    segments: Type.String({ description: 'Where its segments are' }),
  },
  { description: 'All that is needed to pull and to verify' },
);
export const ACCEPTED_EXAMPLE = {
  token: EXAMPLE_TOKEN,
  feed: feedExample.id,
  chain: `${EXAMPLE_ISSUER}/feeds/${feedExample.chain}`,
  issuer: EXAMPLE_ISSUER,
  keys: {
    issuer: EXAMPLE_ISSUER,
    keys: [
      {
        kty: 'OKP' as const,
        crv: 'Ed25519' as const,
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        kid: EXAMPLE_KEY,
      },
    ],
  },
  cadenceSeconds: 60,
  segments: `${FEEDS_PATH}/${feedExample.id}/segments`,
};
