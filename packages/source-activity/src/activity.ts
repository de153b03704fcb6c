/** What is counted of one source. Records, not events: several records may be one event. */
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { addNamed } from './named-counts.ts';

/** How a record ended; each ends in one of these ways. */
export type RecordEnding = 'accepted' | 'duplicate' | 'rejected' | 'dead-lettered' | 'ignored';

/** How collecting from a provider went last. */
export interface LastPoll {
  /** Milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** What could not be had, and why; undefined: nothing. */
  readonly trouble?: string;
}

export interface SourceActivity {
  readonly endings: Readonly<Record<RecordEnding, number>>;
  /** Of the accepted and the duplicates: records whose operation no rule of the source knows. */
  readonly unmapped: number;
  /** Their operations, as the vendor calls them. */
  readonly unmappedOperations: ReadonlyMap<string, number>;
  /** Of the ignored: the rules that said so. */
  readonly ignoredByRule: ReadonlyMap<string, number>;
  /** When the last record came in, milliseconds since 1970 UTC. */
  readonly lastSeenMs: number;
  /** Of a source that is collected from. */
  readonly lastPoll?: LastPoll;
}

const Count = Type.Integer({ minimum: 0 });
const Counts = Type.Record(Type.String(), Count);
const Stored = Type.Object({
  accepted: Count,
  duplicate: Count,
  rejected: Count,
  'dead-lettered': Count,
  ignored: Count,
  unmapped: Count,
  unmappedOperations: Counts,
  ignoredByRule: Counts,
  lastSeenMs: Type.Number(),
  lastPoll: Type.Optional(Type.Object({ atMs: Type.Number(), trouble: Type.Optional(Type.String()) })),
});

export const noActivity: SourceActivity = {
  endings: { accepted: 0, duplicate: 0, rejected: 0, 'dead-lettered': 0, ignored: 0 },
  unmapped: 0,
  unmappedOperations: new Map(),
  ignoredByRule: new Map(),
  lastSeenMs: 0,
};

export function mergeActivity(one: SourceActivity, other: SourceActivity): SourceActivity {
  const a = one.endings;
  const b = other.endings;
  return {
    endings: {
      accepted: a.accepted + b.accepted,
      duplicate: a.duplicate + b.duplicate,
      rejected: a.rejected + b.rejected,
      'dead-lettered': a['dead-lettered'] + b['dead-lettered'],
      ignored: a.ignored + b.ignored,
    },
    unmapped: one.unmapped + other.unmapped,
    unmappedOperations: mergeNamed(one.unmappedOperations, other.unmappedOperations),
    ignoredByRule: mergeNamed(one.ignoredByRule, other.ignoredByRule),
    lastSeenMs: Math.max(one.lastSeenMs, other.lastSeenMs),
    ...latestPoll(one.lastPoll, other.lastPoll),
  };
}

function latestPoll(one: LastPoll | undefined, other: LastPoll | undefined): { lastPoll?: LastPoll } {
  const latest = (one?.atMs ?? 0) > (other?.atMs ?? 0) ? one : (other ?? one);
  return latest === undefined ? {} : { lastPoll: latest };
}

function mergeNamed(
  one: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number>,
): Map<string, number> {
  const sum = new Map(one);
  for (const [name, count] of other) addNamed(sum, name, count);
  return sum;
}

export function encodeActivity(activity: SourceActivity): Buffer {
  const { endings, unmapped, unmappedOperations, ignoredByRule, lastSeenMs, lastPoll } = activity;
  return Buffer.from(
    JSON.stringify({
      ...endings,
      unmapped,
      unmappedOperations: Object.fromEntries(unmappedOperations),
      ignoredByRule: Object.fromEntries(ignoredByRule),
      lastSeenMs,
      lastPoll,
    }),
  );
}

/** Undefined for what is none: counts are for information, so one that cannot be read is left out. */
export function decodeActivity(value: Buffer): SourceActivity | undefined {
  try {
    const stored: unknown = JSON.parse(value.toString());
    if (!Value.Check(Stored, stored)) return undefined;
    const { unmapped, unmappedOperations, ignoredByRule, lastSeenMs, lastPoll, ...endings } = stored;
    return {
      endings,
      unmapped,
      unmappedOperations: new Map(Object.entries(unmappedOperations)),
      ignoredByRule: new Map(Object.entries(ignoredByRule)),
      lastSeenMs,
      ...(lastPoll === undefined ? {} : { lastPoll }),
    };
  } catch {
    return undefined;
  }
}
