/**
 * A continuous feed, as JSON Schema: whose events, what is taken out of them, how they are given away, and to whom. How far
 * it has come is not here: that is written by who cuts its segments.
 */
import { hash } from 'node:crypto';
import { maxFilterBytes } from '@cadf-pipeline/event-filter';
import { RedactionRules } from '@cadf-pipeline/redaction';
import { keyOwner } from './key-owner.ts';
import Type from 'typebox';
import type { Static } from 'typebox';
import {
  BucketDestination,
  DirectoryDestination,
  shownDestination,
  UploadUrl,
} from './export-destination.ts';
import { ExportCompression, ExportFormatName } from './export-job.ts';
import { StoredPlace } from './subscription.ts';

/** Feeds of one owner. */
export const MAX_FEEDS_OF_ONE = 100;
/** Bytes of one as JSON: each is in the memory of every process. */
export const MAX_FEED_BYTES = 128 * 1024;
/** Pull tokens of a feed, and invitations to it that are open. */
export const MAX_FEED_CREDENTIALS = 50;
export const MAX_FEED_INVITATIONS = 50;

const closed = { additionalProperties: false } as const;
/** AES-256-GCM, base64url; opened by the export service alone. */
const Sealed = Type.String({ pattern: '^[A-Za-z0-9_-]{1,16384}$' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
  description: 'RFC 3339, UTC',
});

/** Short enough that the name of its chain, which has an ending, is one of a chain. */
export const FeedId = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  description: 'Letters, digits, `.`, `_` and `-`; for good',
});

export const FeedPeer = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 256, description: 'For people' }),
    issuer: Type.Optional(
      Type.String({
        pattern: '^[!-~]{1,256}$',
        description:
          'What the recipient calls itself in reporter chains: events that were with it already are not sent',
      }),
    ),
  },
  { ...closed, description: 'Who gets the feed' },
);

/** What is given, and in which form. */
export const feedContent = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'For people' })),
  filter: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: maxFilterBytes,
      description:
        'As in GET /cadf/v1/events; asked of each version of an event before anything is taken out',
    }),
  ),
  redaction: Type.Optional(RedactionRules),
  compression: Type.Optional(ExportCompression),
  cadenceSeconds: Type.Optional(
    Type.Integer({ minimum: 10, maximum: 86_400, description: 'Length of a period; default 60' }),
  ),
  retentionDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3650,
      description: 'How long segments are kept to be pulled; default 30',
    }),
  ),
  peer: Type.Optional(FeedPeer),
};

export const feedOrigin = {
  source: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Only events of this source' }),
  ),
  format: Type.Optional(ExportFormatName),
};

export const PullDelivery = Type.Object({ type: Type.Literal('pull') }, closed);
export const PeerDelivery = Type.Object(
  {
    type: Type.Literal('peer'),
    /** The segments of an import there: names of files come behind it. */
    url: UploadUrl,
    /** A bearer token, sealed. */
    credentials: Sealed,
  },
  closed,
);
export const FeedDelivery = Type.Union([PullDelivery, DirectoryDestination, BucketDestination, PeerDelivery]);
export type FeedDelivery = Static<typeof FeedDelivery>;
export type PeerDelivery = Static<typeof PeerDelivery>;

/** What lets a recipient pull: the token itself is never kept. */
export const FeedCredential = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    hash: Sha256,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    created: Instant,
    expires: Type.Optional(Instant),
  },
  closed,
);
export type FeedCredential = Static<typeof FeedCredential>;

export const FeedInvitation = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    hash: Sha256,
    created: Instant,
    expires: Instant,
    /** When it was accepted: it counts once. */
    used: Type.Optional(Instant),
  },
  closed,
);
export type FeedInvitation = Static<typeof FeedInvitation>;

export const feedMembers = {
  id: FeedId,
  ...feedContent,
  ...feedOrigin,
  owner: keyOwner('The API key that made it'),
  /** Names its chain and its directory: the id and an ending, so that a feed that is made again does not fork the chain. */
  chain: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\.[0-9a-f]{12}$' }),
  /** Key of the hashes of its redaction, sealed. */
  redactionKey: Sealed,
  delivery: FeedDelivery,
  /** Where it begins. */
  start: StoredPlace,
  /** Where its first period begins; left out: at the beginning of everything. */
  begins: Type.Optional(Instant),
  /** From 0; one more with each resume: what had stopped goes on. */
  resumed: Type.Integer({ minimum: 0 }),
  paused: Type.Boolean(),
  created: Instant,
  credentials: Type.Array(FeedCredential, { maxItems: MAX_FEED_CREDENTIALS }),
  invitations: Type.Array(FeedInvitation, { maxItems: MAX_FEED_INVITATIONS }),
};

/** A delivery as it may be told. */
export function shownDelivery(delivery: FeedDelivery): object {
  switch (delivery.type) {
    case 'pull':
      return delivery;
    case 'peer':
      return {
        type: delivery.type,
        url: new URL(delivery.url).origin,
        urlDigest: hash('sha256', delivery.url, 'hex'),
      };
    case 'directory':
    case 's3':
      return shownDestination(delivery);
  }
}

interface WithSecrets {
  readonly redactionKey: string;
  readonly delivery: FeedDelivery;
  readonly credentials: readonly FeedCredential[];
  readonly invitations: readonly FeedInvitation[];
}

/** A feed without what is sealed, and without the hashes of tokens. */
export function shownFeed<F extends WithSecrets>({
  credentials,
  delivery,
  invitations,
  redactionKey: _key,
  ...shown
}: F): object {
  return {
    ...shown,
    delivery: shownDelivery(delivery),
    credentials: credentials.map(withoutHash),
    invitations: invitations.map(withoutHash),
  };
}

function withoutHash<T extends { readonly hash: string }>({ hash: _hash, ...shown }: T): object {
  return shown;
}
