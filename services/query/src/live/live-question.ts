/** What a request for live events asks, and from where. */
import { questionOf } from '@cadf-pipeline/event-tail';
import type { EventTail, FollowOptions, TailCursors, TailPlace } from '@cadf-pipeline/event-tail';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FilledParameters } from '../asked-parameters.ts';
import { queryErrors } from '../errors.ts';
import { readWholeFilter } from '../filter-parameter.ts';
import { readTimes } from '../query-parameters.ts';

export interface LiveQuestion {
  readonly asked: Pick<FollowOptions, 'filter' | 'source' | 'tenant'>;
  /** Where to begin, as asked; undefined: now. */
  readonly from: TailPlace | { readonly fromMs: number } | undefined;
  cursorOf(place: TailPlace): string;
}

/** Where this request goes on or begins: not of a saved query. */
export interface LivePlace {
  /** The header Last-Event-ID: what a reader sends that was interrupted, with the URL it began with. */
  readonly lastEventId?: string;
  readonly cursor?: string;
  /** Time, as text. */
  readonly from?: string;
}

/** Throws QUERY_FILTER_INVALID, QUERY_TIME_INVALID and QUERY_CURSOR_INVALID. */
export function readLiveQuestion(
  { asked: { filter: text, source, tenant }, bound }: FilledParameters,
  { cursor, from, lastEventId }: LivePlace,
  cursors: TailCursors,
): LiveQuestion {
  const filter = readWholeFilter(text, bound);
  const asked = {
    ...(filter === undefined ? {} : { filter }),
    ...(source === undefined ? {} : { source }),
    ...(tenant === undefined ? {} : { tenant }),
  };
  const question = questionOf(asked);
  const read = (kept: string): TailPlace => {
    const place = cursors.read(kept, question);
    if (typeof place !== 'string') return place;
    throw unusable(
      place === 'damaged'
        ? 'It was not issued by this service, or was changed.'
        : 'It was issued for another filter, tenant or source.',
    );
  };
  // Read whatever wins, so that a mistake is told at once and not at the first interruption.
  const { fromMs } = readTimes(from, undefined);
  if (cursor !== undefined && from !== undefined)
    throw unusable('`cursor` and `from` exclude each other: a cursor goes on where it was given.');
  const kept = lastEventId ?? cursor;
  return {
    asked,
    from: kept === undefined ? (fromMs === undefined ? undefined : { fromMs }) : read(kept),
    cursorOf: (place) => cursors.issue(question, place),
  };
}

/** Throws what the stream throws. */
export function startOf({ from }: LiveQuestion, tail: EventTail): Promise<TailPlace> {
  if (from === undefined) return tail.now();
  return 'fromMs' in from ? tail.since(from.fromMs) : Promise.resolve(from);
}

function unusable(detail: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_CURSOR_INVALID, { detail });
}
