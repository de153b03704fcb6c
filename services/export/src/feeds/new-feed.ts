/** The bodies that make and change a feed, and how they become a definition. */
import { randomBytes } from 'node:crypto';
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import {
  feedContent,
  FeedId,
  feedOrigin,
  FeedPeer,
  MAX_FEED_BYTES,
  TenantId,
} from '@cadf-pipeline/control-state';
import type { Feed } from '@cadf-pipeline/control-state';
import { fileFormats } from '@cadf-pipeline/event-formats';
import { parseFilter } from '@cadf-pipeline/event-filter';
import type { EventTail } from '@cadf-pipeline/event-tail';
import { checkRedactionRules, createRedactionKey, RedactionRules } from '@cadf-pipeline/redaction';
import { ProblemError, scopeOf, Secret } from '@cadf-pipeline/service-kit';
import type { Principal, ProblemFault } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import { toStoredPlace } from '../delivery/stored-place.ts';
import type { DestinationRules } from '../exports/destination-rules.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { feedErrors } from './feed-errors.ts';
import { invalidFeed } from './feed-fault.ts';
import { makeDelivery, NewDelivery } from './new-delivery.ts';
import { FEED_DEFAULTS, redactionContext } from './feed-defaults.ts';

const closed = { additionalProperties: false } as const;
const orNull = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]));
const { cadenceSeconds, compression, filter, name, retentionDays } = feedContent;
const tenants = Type.Array(TenantId, {
  minItems: 1,
  maxItems: 1000,
  uniqueItems: true,
  description: 'Whose events: tenants that the calling key reaches. Left out: all that it reaches',
});

export const NewFeed = Type.Object(
  {
    id: FeedId,
    ...feedContent,
    ...feedOrigin,
    tenants: Type.Optional(tenants),
    delivery: Type.Optional(NewDelivery),
    start: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          '`now` (default); `beginning`: with all that is stored; or a time with its zone: with all stored events whose eventTime is at or after it. What was stored before is its first period',
      }),
    ),
    paused: Type.Optional(Type.Boolean({ description: 'Whether nothing is given away for now' })),
  },
  {
    ...closed,
    examples: [
      {
        id: 'acme-audit',
        name: 'Audit of acme',
        tenants: ['acme'],
        filter: "action within 'authenticate'",
        redaction: [{ id: 'no-addresses', action: 'generalise', paths: ['initiator/host/address'] }],
        start: 'now',
      },
    ],
  },
);
export type NewFeed = Static<typeof NewFeed>;

export const ChangedFeed = Type.Object(
  {
    name: orNull(name),
    filter: orNull(filter),
    redaction: orNull(RedactionRules),
    compression: orNull(compression),
    cadenceSeconds: orNull(cadenceSeconds),
    retentionDays: orNull(retentionDays),
    peer: orNull(FeedPeer),
    delivery: Type.Optional(NewDelivery),
    tenants: Type.Optional(tenants),
    paused: Type.Optional(Type.Boolean({ description: 'Whether nothing is given away for now' })),
  },
  {
    ...closed,
    minProperties: 1,
    examples: [{ redaction: [{ id: 'no-names', action: 'hash', paths: ['initiator/name'] }], peer: null }],
  },
);
export type ChangedFeed = Static<typeof ChangedFeed>;

export interface NewFeedDependencies {
  readonly tail: Pick<EventTail, 'now' | 'since'>;
  readonly box: SecretBox;
  /** Where this deployment lets segments be put. */
  readonly destinations: DestinationRules;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Before all that a store can hold. */
const BEGINNING_MS = Date.UTC(1900, 0, 1);

/** Throws FEED_FILTER_INVALID, FEED_INVALID, FORBIDDEN_TENANT, and what the tail throws where the stream does not answer. */
export async function makeFeed(
  { box, destinations, now, tail }: NewFeedDependencies,
  { delivery, id, paused = false, start, tenants: asked, ...content }: NewFeed,
  principal: Principal,
  owner: Feed['owner'],
): Promise<Feed> {
  requireContent(content);
  const chain = `${id}.${randomBytes(6).toString('hex')}`;
  const key = new Secret(Buffer.from(createRedactionKey()).toString('base64url'));
  const created = new Date(now()).toISOString();
  const feed: Feed = {
    id,
    ...content,
    tenants: readTenants(principal, asked),
    owner,
    chain,
    redactionKey: box.seal(key, redactionContext(chain)),
    delivery: makeDelivery(box, destinations, chain, delivery),
    ...(await readStart(tail, start, created)),
    resumed: 0,
    paused,
    created,
    credentials: [],
    invitations: [],
  };
  requireFit(feed);
  return feed;
}

/** What the body names is replaced, null takes away. Throws as `makeFeed`. */
export function changeFeed(
  { box, destinations }: Pick<NewFeedDependencies, 'box' | 'destinations'>,
  before: Feed,
  change: ChangedFeed,
  principal: Principal,
): Feed {
  const { delivery, paused = before.paused, tenants: asked, ...content } = change;
  const after: Record<string, unknown> = { ...before };
  for (const [member, value] of Object.entries(content))
    if (value === null) delete after[member];
    else if (value !== undefined) after[member] = value;
  // All of them are of the schemas that a feed has for them.
  const feed: Feed = {
    ...(after as Feed),
    paused,
    delivery:
      delivery === undefined ? before.delivery : makeDelivery(box, destinations, before.chain, delivery),
    tenants: asked === undefined ? before.tenants : readTenants(principal, asked),
    // What had stopped is tried again.
    resumed: before.paused && !paused ? before.resumed + 1 : before.resumed,
  };
  requireContent(feed);
  requireFit(feed);
  return feed;
}

function readTenants(principal: Principal, asked: readonly string[] | undefined): Feed['tenants'] {
  for (const tenant of asked ?? []) scopeOf(principal, tenant);
  if (asked !== undefined) return [...asked];
  return principal.tenants === '*' ? '*' : [...principal.tenants];
}

function requireContent({
  compression: packed,
  filter: text,
  format = FEED_DEFAULTS.format,
  redaction = [],
}: Pick<Feed, 'compression' | 'filter' | 'format' | 'redaction'>): void {
  const parsed = text === undefined ? undefined : parseFilter(text);
  if (parsed?.ok === false)
    throw new ProblemError(feedErrors.FEED_FILTER_INVALID, {
      detail: `Column ${parsed.fault.column}: ${parsed.fault.message}.\n${parsed.fault.excerpt}`,
      members: { fault: parsed.fault },
    });
  if (packed !== undefined && packed !== 'none' && !fileFormats[format].compressible)
    throw invalidFeed('/compression', `${format} is compressed by itself`);
  const faults: readonly ProblemFault[] = checkRedactionRules(redaction).map(({ message, pointer }) => ({
    path: `/redaction${pointer}`,
    message,
  }));
  if (faults.length === 0) return;
  throw new ProblemError(feedErrors.FEED_INVALID, {
    detail: faults.map(({ message, path }) => `${path} ${message}`).join('; '),
    faults,
  });
}

async function readStart(
  tail: NewFeedDependencies['tail'],
  start: string | undefined,
  created: string,
): Promise<Pick<Feed, 'begins' | 'start'>> {
  if (start === undefined || start === 'now')
    return { start: toStoredPlace(await tail.now()), begins: created };
  if (start === 'beginning') return { start: toStoredPlace(await tail.since(BEGINNING_MS)) };
  const time = parseTimestamp(start);
  if (time === undefined || time.zone === 'assumed-utc')
    throw invalidFeed(
      '/start',
      'is neither `now` nor `beginning`, nor a time with its zone, such as 2026-11-01T00:00:00Z',
    );
  const fromMs = Math.ceil(time.epochMs);
  if (fromMs >= Date.parse(created)) throw invalidFeed('/start', 'is not in the past');
  return { start: toStoredPlace(await tail.since(fromMs)), begins: new Date(fromMs).toISOString() };
}

function requireFit(feed: Feed): void {
  const bytes = Buffer.byteLength(JSON.stringify(feed));
  if (bytes > MAX_FEED_BYTES)
    throw invalidFeed('', `is kept in ${bytes} bytes, the most is ${MAX_FEED_BYTES}`);
}
