/** What a feed says while the clock has not come to the end of its last period again: it was ahead, and was set back. */
import type { Feed } from '@cadf-pipeline/control-state';
import { FEED_DEFAULTS } from './feed-defaults.ts';
import { feedErrors } from './feed-errors.ts';
import type { FeedRecord, Trouble } from './feed-record.ts';

/** How far, ms. 0 where it is no further than a period: processes differ a little, and it is waited for then. */
export function clockBehindMs(periodMs: number, cadenceSeconds: number, nowMs: number): number {
  const behindMs = periodMs - nowMs;
  return behindMs > cadenceSeconds * 1000 ? behindMs : 0;
}

/** Undefined where there is none. */
export function clockTrouble(
  { cadenceSeconds = FEED_DEFAULTS.cadenceSeconds }: Pick<Feed, 'cadenceSeconds'>,
  { periodMs }: Pick<FeedRecord, 'periodMs'>,
  nowMs: number,
): (Trouble & { readonly behindMs: number }) | undefined {
  if (periodMs === undefined) return undefined;
  const behindMs = clockBehindMs(periodMs, cadenceSeconds, nowMs);
  if (behindMs === 0) return undefined;
  const { code, hint } = feedErrors.FEED_CLOCK_BEHIND;
  const at = (ms: number): string => new Date(ms).toISOString();
  const detail = `The clock says ${at(nowMs)}, ${Math.round(behindMs / 1000)} s before ${at(periodMs)}, where the last period ended. ${hint}`;
  return { code, detail, atMs: nowMs, behindMs };
}
