/** What a process that takes a subscription over writes first: from where it goes on, and that the others stop counting. */
import type { Subscription } from '@cadf-pipeline/control-state';
import type { Kept } from '@cadf-pipeline/shared-work';
import type { InFlight, ProgressRecord } from './progress-record.ts';

export interface StartFacts {
  readonly subscription: Pick<Subscription, 'generation' | 'resumed' | 'start'>;
  /** What counted until now. */
  readonly before: Kept<ProgressRecord> | undefined;
  readonly question: string;
  readonly target: string;
  readonly nowMs: number;
}

/** Undefined: there is nothing to do, it is parked or has ended. */
export function startProgress(facts: StartFacts): ProgressRecord | undefined {
  const { before, subscription } = facts;
  const { generation, resumed } = subscription;
  // The definition as this process knows it is older than what is remembered: its change is about to be read.
  if (before !== undefined && before.generation > generation) return undefined;
  if (before === undefined || before.generation < generation)
    return {
      generation,
      place: subscription.start,
      state: 'active',
      resumed,
      delivered: 0,
    };
  const woken = resumed > before.resumed;
  if (before.state !== 'active' && !woken) return undefined;
  // Whether it is still refused will be seen.
  const { epoch: _epoch, inFlight, owner: _owner, refused: _refused, writtenMs: _written, ...kept } = before;
  const record: ProgressRecord = {
    ...kept,
    state: 'active',
    resumed: Math.max(resumed, before.resumed),
  };
  // Of another question the batch would hold other events: it is made anew, with another id.
  return inFlight === undefined || inFlight.question !== facts.question
    ? record
    : { ...record, inFlight: takenOver(inFlight, facts, woken) };
}

function takenOver(inFlight: InFlight, { target, nowMs }: StartFacts, woken: boolean): InFlight {
  const { mark, nextAttemptMs, ...kept } = inFlight;
  const sameTarget = inFlight.target === target;
  return {
    ...kept,
    target,
    // Whether the last attempt was begun is not known.
    attempt: inFlight.attempt + 1,
    ...(woken ? { failures: 0, firstAttemptMs: nowMs } : {}),
    ...(sameTarget && mark !== undefined ? { mark } : {}),
    ...(sameTarget && !woken && nextAttemptMs !== undefined ? { nextAttemptMs } : {}),
  };
}
