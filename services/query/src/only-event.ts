import type { StoredEvent } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { queryErrors } from './errors.ts';

/** The event of an id, of those of all sources. Throws QUERY_EVENT_NOT_FOUND and QUERY_EVENT_AMBIGUOUS. */
export function onlyEvent(found: readonly StoredEvent[]): StoredEvent {
  const [event, ...others] = found;
  if (event === undefined) throw new ProblemError(queryErrors.QUERY_EVENT_NOT_FOUND);
  if (others.length > 0)
    throw new ProblemError(queryErrors.QUERY_EVENT_AMBIGUOUS, {
      members: { sources: found.map(({ source }) => source) },
    });
  return event;
}
