/** Why nothing is delivered of a subscription that should be, as any process can tell. */
import type { Versioned } from '@cadf-pipeline/control-state';
import type { DeliveryStatus } from './delivery-view.ts';
import type { Rights } from './rights.ts';

export interface WaitingFacts {
  readonly subscription: Versioned<'subscription'>;
  /** Of this generation. */
  readonly status: DeliveryStatus | undefined;
  /** What it asks; undefined: its filter cannot be read. */
  readonly question: string | undefined;
  readonly rights: Pick<Rights, 'refusalOf'>;
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
}

/** A change is taken up within so long, ms, where there is a process to do it. */
const TAKEN_UP_MS = 30_000;
/** Who delivers writes at least every two and a half minutes, as long as it reads or sends. */
const SILENT_MS = 300_000;
const LATER_FILTER =
  'Its filter is of a later version than this one and cannot be read: update the pipeline, or write another filter.';
const LOOK = 'see whether an export service runs, and what its log says';

/** One sentence for the owner, what is wrong and how to mend it. Undefined: it is delivered, as far as is known. */
export function waitingReason(facts: WaitingFacts): string | undefined {
  const { question, rights, status, subscription } = facts;
  return (
    rights.refusalOf(subscription.entity) ??
    (question === undefined ? LATER_FILTER : absenceReason(facts)) ??
    storeReason(status)
  );
}

function absenceReason({ nowMs, status, subscription }: WaitingFacts): string | undefined {
  const { changedMs, entity } = subscription;
  const isTakenUp = status !== undefined && status.resumed >= entity.resumed;
  if (!isTakenUp)
    return nowMs - changedMs > TAKEN_UP_MS ? `No process has taken it up yet: ${LOOK}.` : undefined;
  const { nextAttemptMs = 0, refused, writtenMs } = status;
  if (writtenMs === undefined) return undefined;
  const heardMs = Math.max(writtenMs, nextAttemptMs, refused?.nextMs ?? 0, changedMs);
  return nowMs - heardMs > SILENT_MS
    ? `Nothing was heard since ${new Date(writtenMs).toISOString()} of the process that delivers it: ${LOOK}.`
    : undefined;
}

function storeReason(status: DeliveryStatus | undefined): string | undefined {
  if (status?.refused === undefined) return undefined;
  const { reason, sinceMs } = status.refused;
  return `Since ${new Date(sinceMs).toISOString()} the past cannot be read for it: ${reason} It is tried again by itself: narrow its filter, have the limit raised, or let it begin later by a replay.`;
}
