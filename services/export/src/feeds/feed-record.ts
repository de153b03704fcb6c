/** How far a feed has come, as it is kept beside its definition. */
import type { Feed, StoredPlace } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import type { Static } from 'typebox';

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Milliseconds = Type.Integer({ minimum: -8_640_000_000_000_000, maximum: 8_640_000_000_000_000 });
/** Next offset by partition. */
const Positions = Type.Record(Type.String({ pattern: '^[0-9]{1,6}$' }), Count, { maxProperties: 10_000 });
const Trouble = Type.Object({
  code: Type.String({ maxLength: 128 }),
  detail: Type.String({ maxLength: 4096 }),
  atMs: Count,
});

/**
 * A segment counts when its files are durable in the stage and the record names it, in this order: what was never named was
 * never seen, and is made again. Only then its files get their names, and only what is `published` is given to anybody.
 */
export const FeedRecord = Type.Object({
  /** Of the definition that it is about. */
  chain: Type.String({ maxLength: 128 }),
  state: Type.Enum(['running', 'stopped'] as const),
  /** The last segment that was signed, 0 before the first; SHA-256 of its manifest, and when it was made. */
  sequence: Count,
  manifest: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  manifestMs: Count,
  /** The last one whose files have their names. */
  published: Count,
  /** Where the files between both are. */
  stage: Type.Optional(Type.String({ pattern: '^[0-9a-f]{16}$' })),
  /** Where the next segment begins. */
  positions: Positions,
  /** What was stored before the feed was made is read up to there first. */
  until: Type.Optional(Positions),
  /** End of the last period; left out: before everything. */
  periodMs: Type.Optional(Milliseconds),
  /** End of the last period whose segments can be had. */
  shownMs: Type.Optional(Milliseconds),
  /** Where the clock has not come to `periodMs` again: the end of a period by it at which was cut all the same. */
  cutMs: Type.Optional(Milliseconds),
  /** A period that is partly cut: its end, and up to where. */
  cutting: Type.Optional(Type.Object({ toMs: Milliseconds, upto: Positions })),
  /** The first segment that is kept. */
  kept: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** The last segment that was delivered; of feeds that are not pulled. */
  delivered: Count,
  /** SHA-256 of where to. */
  deliveredTo: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  /** In all segments: events, those of them that were late or redacted; those that were withheld, as they had been there or for another reason; bytes. */
  events: Count,
  late: Count,
  redacted: Count,
  loops: Count,
  withheld: Count,
  bytes: Count,
  /** Why it stopped, or what it tries again. */
  failure: Type.Optional(Trouble),
  /** What the recipient does not take. */
  refused: Type.Optional(Trouble),
});
export type FeedRecord = Static<typeof FeedRecord>;
export type Trouble = Static<typeof Trouble>;

export function newFeedRecord({
  begins,
  chain,
  start,
}: Pick<Feed, 'begins' | 'chain' | 'start'>): FeedRecord {
  return {
    chain,
    state: 'running',
    sequence: 0,
    manifestMs: 0,
    published: 0,
    positions: start.next,
    ...(start.backfill === undefined ? {} : { until: start.backfill.until }),
    ...(begins === undefined ? {} : { periodMs: Date.parse(begins) }),
    kept: 1,
    delivered: 0,
    events: 0,
    late: 0,
    redacted: 0,
    loops: 0,
    withheld: 0,
    bytes: 0,
  };
}

/** The record where it is about this feed, and not about one of the same id before it. */
export function recordOf<R extends FeedRecord>(
  feed: Pick<Feed, 'chain'>,
  record: R | undefined,
): R | undefined {
  return record?.chain === feed.chain ? record : undefined;
}

export function toPositions(positions: StoredPlace['next']): Map<number, number> {
  return new Map(Object.entries(positions).map(([partition, next]) => [Number(partition), next]));
}

export function fromPositions(positions: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries([...positions].map(([partition, next]) => [String(partition), next]));
}
