/** Where a subscription begins. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { StoredPlace, Subscription } from '@cadf-pipeline/control-state';
import type { EventTail, TailCursors, TailPlace } from '@cadf-pipeline/event-tail';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { toStoredPlace } from '../delivery/stored-place.ts';
import { exportErrors } from '../errors.ts';
import { askedEvents } from './asked-events.ts';

export interface Start {
  readonly from?: string;
  readonly cursor?: string;
}

type Asked = Pick<Subscription, 'filter' | 'source' | 'tenant'>;

/** Throws SUBSCRIPTION_START_INVALID, and what the tail throws where the stream does not answer. */
export async function startPlace(
  { cursors, tail }: { readonly cursors: TailCursors; readonly tail: Pick<EventTail, 'now' | 'since'> },
  asked: Asked,
  { cursor, from }: Start,
): Promise<StoredPlace> {
  if (cursor !== undefined && from !== undefined) throw invalid('There are both `from` and `cursor`.');
  if (cursor !== undefined) return toStoredPlace(readCursor(cursors, asked, cursor));
  return toStoredPlace(await (from === undefined ? tail.now() : tail.since(readFrom(from))));
}

function readCursor(cursors: TailCursors, asked: Asked, text: string): TailPlace {
  const question = askedEvents(asked)?.question;
  const place = question === undefined ? 'other-question' : cursors.read(text, question);
  if (place === 'damaged') throw invalid('`cursor` is no cursor of this system, or not the whole of one.');
  if (place === 'other-question')
    throw invalid(
      '`cursor` was given for another filter, tenant or source: a place among those events is none among these.',
    );
  return place;
}

function readFrom(text: string): number {
  const time = parseTimestamp(text);
  if (time === undefined || time.zone === 'assumed-utc')
    throw invalid(
      `\`from\` is ${JSON.stringify(text)}: use a time with its zone, such as 2026-11-01T00:00:00Z or 2026-11-01T02:00:00+02:00.`,
    );
  return Math.ceil(time.epochMs);
}

function invalid(detail: string): ProblemError {
  return new ProblemError(exportErrors.SUBSCRIPTION_START_INVALID, { detail });
}
