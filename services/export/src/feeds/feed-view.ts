/** A feed as the API shows it. */
import { Feed, feedContent, shownFeed } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import { placeView } from '../exports/export-view.ts';
import type { FeedRecord, Trouble } from './feed-record.ts';
import { FEED_DEFAULTS } from './feed-defaults.ts';

const { chain: _chain, owner } = Feed.properties;
const Instant = Type.String({ description: 'RFC 3339, ms' });
const Count = (description: string) => Type.Integer({ description });
const TroubleView = (description: string) =>
  Type.Object({ code: Type.String(), detail: Type.String(), at: Instant }, { description });

export const FeedStatus = Type.Object(
  {
    state: Type.Enum(['waiting', 'running', 'stopped', 'paused'] as const, {
      description:
        '`waiting`: its first period is not over. `stopped`: nothing is given away until what `failure` says is mended; nothing is passed over',
    }),
    sequence: Count('The last segment that can be had; 0: none yet'),
    firstKept: Count('The first segment that is kept'),
    delivered: Type.Optional(Count('The last segment that the recipient took; of feeds that are not pulled')),
    period: Type.Optional(Type.String({ description: 'RFC 3339, ms: end of the last period' })),
    lagSeconds: Type.Number({ description: 'For how long a period has been over without its segments' }),
    events: Count('In all segments'),
    late: Count('Of these, in segments of late events'),
    redacted: Count('Of these, those that a rule has changed'),
    loops: Count('Withheld, as they had been here, or at the recipient, before'),
    withheld: Count('Withheld for another reason; the manifests say why'),
    bytes: Count('Of the files of all segments'),
    failure: Type.Optional(TroubleView('Why it stopped, what is tried again, or that the clock is behind')),
    refused: Type.Optional(TroubleView('Why the recipient did not take a segment; it is tried again')),
  },
  { description: 'How far it has come' },
);

export const FeedCredentialView = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  created: Instant,
  expires: Type.Optional(Instant),
});

/** Members of all deliveries; which there are, `type` says. */
export const DeliveryView = Type.Object(
  {
    type: Type.Enum(['pull', 'directory', 's3', 'peer'] as const),
    ...placeView,
  },
  { description: 'How segments get to the recipient, without secrets' },
);

export const FeedView = Type.Object(
  {
    id: Type.String(),
    ...feedContent,
    format: Type.String(),
    source: Type.Optional(Type.String()),
    tenants: Feed.properties.tenants,
    delivery: DeliveryView,
    chain: Type.String({ description: 'Name of its chain, without the issuer' }),
    owner: Type.Object(
      { kind: owner.properties.kind, id: owner.properties.id, name: owner.properties.name },
      { description: 'The API key that made it' },
    ),
    mine: Type.Boolean({ description: 'Whether the caller owns it' }),
    paused: Type.Boolean(),
    begins: Type.Optional(Type.String({ description: 'RFC 3339, ms: where its first period begins' })),
    created: Instant,
    credentials: Type.Array(FeedCredentialView, { description: 'Tokens that pull it' }),
    invitations: Type.Array(
      Type.Object({ id: Type.String(), created: Instant, expires: Instant, used: Type.Optional(Instant) }),
      { description: 'That were made, and may have been accepted' },
    ),
    status: FeedStatus,
  },
  { description: 'The feed' },
);

export const feedExample = {
  id: 'acme-audit',
  name: 'Audit of acme',
  format: 'cadf-ndjson',
  compression: 'gzip',
  cadenceSeconds: 60,
  retentionDays: 30,
  filter: "action within 'authenticate'",
  redaction: [{ id: 'no-addresses', action: 'generalise', paths: ['initiator/host/address'] }],
  tenants: ['acme'],
  delivery: { type: 'pull' },
  chain: 'acme-audit.0d1f2ab0d6a1',
  owner: { kind: 'key', id: '0123456789ab', name: 'Auditor' },
  mine: true,
  paused: false,
  begins: '2026-11-01T12:00:00.000Z',
  created: '2026-11-01T12:00:00.000Z',
  credentials: [{ id: '5f0e4d539a55', name: 'acme', created: '2026-11-01T12:00:10.000Z' }],
  invitations: [],
  status: {
    state: 'running',
    sequence: 7,
    firstKept: 1,
    period: '2026-11-01T12:07:00.000Z',
    lagSeconds: 0,
    events: 1234,
    late: 3,
    redacted: 1200,
    loops: 0,
    withheld: 0,
    bytes: 98_765,
  },
} as const;

export interface ViewedFeed {
  readonly feed: Feed;
  readonly record: FeedRecord | undefined;
  readonly mine: boolean;
  readonly lagSeconds: number;
  /** Of the clock. */
  readonly trouble: Trouble | undefined;
}

export function feedView({ feed, lagSeconds, mine, record, trouble }: ViewedFeed): object {
  const { owner: by, resumed: _resumed, start: _start, ...entity } = feed;
  return {
    ...FEED_DEFAULTS,
    ...shownFeed(entity),
    owner: { kind: by.kind, id: by.id, name: by.name },
    mine,
    status: statusOf(feed, record, lagSeconds, trouble),
  };
}

function statusOf(
  feed: Feed,
  record: FeedRecord | undefined,
  lagSeconds: number,
  trouble: Trouble | undefined,
): object {
  const state = feed.paused ? 'paused' : record === undefined ? 'waiting' : record.state;
  const { bytes = 0, events = 0, failure = trouble, kept = 1, late = 0, loops = 0, shownMs } = record ?? {};
  const { delivered = 0, published = 0, redacted = 0, refused, withheld = 0 } = record ?? {};
  return {
    state: state === 'running' && published === 0 ? 'waiting' : state,
    sequence: published,
    firstKept: kept,
    ...(feed.delivery.type === 'pull' ? {} : { delivered }),
    ...(shownMs === undefined ? {} : { period: new Date(shownMs).toISOString() }),
    lagSeconds: Math.round(lagSeconds * 10) / 10,
    events,
    late,
    redacted,
    loops,
    withheld,
    bytes,
    ...(failure === undefined ? {} : { failure: troubleView(failure) }),
    ...(refused === undefined ? {} : { refused: troubleView(refused) }),
  };
}

function troubleView({ atMs, code, detail }: Trouble): object {
  return { code, detail, at: new Date(atMs).toISOString() };
}
