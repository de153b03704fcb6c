import { ProblemError } from '@cadf-pipeline/service-kit';
import { feedErrors } from './feed-errors.ts';

/** FEED_INVALID of one member, by its JSON Pointer. */
export function invalidFeed(path: string, message: string): ProblemError {
  return new ProblemError(feedErrors.FEED_INVALID, {
    detail: `${path} ${message}`,
    faults: [{ path, message }],
  });
}
