/**
 * Which period of a feed is to be cut next. They end at whole multiples of the cadence since 1970 UTC: at full minutes and
 * hours, and follow one another. Where a clock that was ahead was set back, it has yet to come to the end of the last one:
 * what comes meanwhile is cut at the end of each period by the clock, too, as late events of an empty period. What is cut
 * is told by its positions, never by a time: so nothing is missing and nothing is twice, whatever the clock does.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from '@cadf-pipeline/control-state';
import type { EventStore } from '@cadf-pipeline/event-store';
import type { EventTail } from '@cadf-pipeline/event-tail';
import { clockBehindMs } from './clock-behind.ts';
import { FEED_DEFAULTS } from './feed-defaults.ts';
import { toPositions } from './feed-record.ts';
import type { FeedRecord } from './feed-record.ts';

export interface Period {
  /** Milliseconds since 1970 UTC; undefined: from the beginning of everything. */
  readonly fromMs: number | undefined;
  readonly toMs: number;
}

export interface PeriodPlan extends Period {
  readonly upto: ReadonlyMap<number, number>;
  /** It was begun before: that it is there has been said. */
  readonly isBegun: boolean;
  /** What was stored before the feed was made: nothing of it is late. */
  readonly isPast: boolean;
  /** Of an empty period, as the clock is behind: when one ended by it. */
  readonly cutMs: number | undefined;
}

export interface PeriodDependencies {
  readonly store: Pick<EventStore, 'nextOffsets'>;
  readonly tail: Pick<EventTail, 'now'>;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** How often is looked whether something is due, ms; default 500. */
  readonly pollMs?: number;
}

const POLL_MS = 500;

/** Resolves when a period is over and the store holds all that was accepted in it. */
export async function nextPeriod(
  deps: PeriodDependencies,
  feed: Feed,
  record: FeedRecord,
  signal: AbortSignal,
): Promise<PeriodPlan> {
  const { now, pollMs = POLL_MS, tail } = deps;
  const { cadenceSeconds = FEED_DEFAULTS.cadenceSeconds } = feed;
  const { cutMs, cutting, periodMs: fromMs, until } = record;
  const isPast = until !== undefined;
  if (cutting !== undefined)
    return { fromMs, toMs: cutting.toMs, upto: toPositions(cutting.upto), isBegun: true, isPast, cutMs };
  if (until !== undefined) {
    const upto = toPositions(until);
    await stored(deps, upto, signal);
    return { fromMs, toMs: Date.parse(feed.created), upto, isBegun: false, isPast, cutMs: undefined };
  }
  for (;;) {
    signal.throwIfAborted();
    const due = duePeriod(record, cadenceSeconds, now());
    if (due !== undefined) {
      const { next: upto } = await tail.now();
      await stored(deps, upto, signal);
      return { fromMs, ...due, upto, isPast };
    }
    const dueMs = nextEnd(fromMs ?? 0, cadenceSeconds) - now();
    await sleep(Math.max(1, Math.min(dueMs, pollMs)), undefined, { signal });
  }
}

/** Resolves when the store has had all that is before these offsets. */
async function stored(
  { pollMs = POLL_MS, store }: PeriodDependencies,
  upto: ReadonlyMap<number, number>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const handled = await store.nextOffsets([...upto.keys()]);
    if ([...upto].every(([partition, next]) => (handled.get(partition) ?? 0) >= next)) return;
    await sleep(Math.min(pollMs, POLL_MS), undefined, { signal });
  }
}

/** Undefined: none has ended since. */
function duePeriod(
  { cutMs, periodMs: sinceMs }: Pick<FeedRecord, 'cutMs' | 'periodMs'>,
  cadenceSeconds: number,
  nowMs: number,
): Pick<PeriodPlan, 'cutMs' | 'isBegun' | 'toMs'> | undefined {
  const cadenceMs = cadenceSeconds * 1000;
  const endMs = Math.floor(nowMs / cadenceMs) * cadenceMs;
  // After a time in which nothing ran, what was missed is one long period: when what came in then, nobody can tell any more.
  if (sinceMs === undefined || endMs > sinceMs) return { toMs: endMs, isBegun: false, cutMs: undefined };
  const isWaitedFor = cutMs === undefined && clockBehindMs(sinceMs, cadenceSeconds, nowMs) === 0;
  if (isWaitedFor || endMs === cutMs) return undefined;
  // Of an empty period there is nothing to say where nothing came.
  return { toMs: sinceMs, isBegun: true, cutMs: endMs };
}

/** When the period that began then will have ended. */
function nextEnd(sinceMs: number, cadenceSeconds: number): number {
  const cadenceMs = cadenceSeconds * 1000;
  return (Math.floor(sinceMs / cadenceMs) + 1) * cadenceMs;
}
