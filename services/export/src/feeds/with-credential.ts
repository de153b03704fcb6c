/** A feed with one more token. */
import { MAX_FEED_CREDENTIALS } from '@cadf-pipeline/control-state';
import type { Feed, FeedCredential } from '@cadf-pipeline/control-state';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { feedErrors } from './feed-errors.ts';

/** Those that have expired make room. Throws FEED_TOO_MANY. */
export function withCredential(before: Feed, credential: FeedCredential, nowMs: number): Feed {
  const kept = before.credentials.filter(
    ({ expires }) => expires === undefined || Date.parse(expires) > nowMs,
  );
  if (kept.length >= MAX_FEED_CREDENTIALS) throw tooMany('tokens', MAX_FEED_CREDENTIALS);
  return { ...before, credentials: [...kept, credential] };
}

export function tooMany(what: string, most: number): ProblemError {
  return new ProblemError(feedErrors.FEED_TOO_MANY, { detail: `The most ${what} of one feed are ${most}.` });
}
