/** What a process that takes a subscription over writes first: from where it goes on, and that the others stop counting. */
import type { Subscription } from '@cadf-pipeline/control-state';
import type { InFlight, ProgressRecord } from './progress-record.ts';

export interface StartFacts {
  readonly subscription: Pick<Subscription, 'generation' | 'resumed' | 'start'>;
  /** What counted until now. */
  readonly before: ProgressRecord | undefined;
  readonly question: string;
  readonly target: string;
  /** Names the one that takes over. */
  readonly owner: string;
  readonly nowMs: number;
}

/** Undefined: there is nothing to do, it is parked or has ended. */
export function startProgress(facts: StartFacts): ProgressRecord | undefined {
  const { before, owner, subscription } = facts;
  const { generation, resumed } = subscription;
  const epoch = (before?.epoch ?? 0) + 1;
  // The definition as this process knows it is older than what is remembered: its change is about to be read.
  if (before !== undefined && before.generation > generation) return undefined;
  if (before === undefined || before.generation < generation)
    return {
      generation,
      epoch,
      owner,
      place: subscription.start,
      state: 'active',
      resumed,
      delivered: 0,
      writtenMs: facts.nowMs,
    };
  const woken = resumed > before.resumed;
  if (before.state !== 'active' && !woken) return undefined;
  // Whether it is still refused will be seen.
  const { inFlight, refused: _refused, ...kept } = before;
  const record: ProgressRecord = {
    ...kept,
    epoch,
    owner,
    state: 'active',
    resumed: Math.max(resumed, before.resumed),
    writtenMs: facts.nowMs,
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
