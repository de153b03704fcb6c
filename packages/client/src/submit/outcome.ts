/** What became of events that were submitted. */
import type { operations } from '../api.generated.ts';

/** What the service says of a batch. */
export type SubmissionAnswer = operations['postEvents']['responses'][202]['content']['application/json'];

export type SubmitOutcome =
  /** Durable in the service's stream now, or known to it already. */
  | { readonly status: 'accepted' | 'duplicate' }
  /** Durable on this machine's disk: it will be sent. */
  | { readonly status: 'spooled' }
  | Rejection;

/** The service does not take the event, however often it is sent. */
export interface Rejection {
  readonly status: 'rejected';
  /** Why: a code of docs/errors.md. */
  readonly code: string;
  /** What is wrong and how to mend it. */
  readonly detail: string;
  /** JSON Pointer of the fault within the event. */
  readonly path?: string;
}

export function isSubmissionAnswer(value: unknown): value is SubmissionAnswer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'accepted' in value &&
    typeof value.accepted === 'number' &&
    'rejected' in value &&
    typeof value.rejected === 'number' &&
    'results' in value &&
    Array.isArray(value.results)
  );
}

/** The outcome of each event of a batch of `count`, in its order: what an answer does not list was accepted. */
export function outcomesOf(answer: SubmissionAnswer, count: number): readonly SubmitOutcome[] {
  const outcomes = Array.from({ length: count }, (): SubmitOutcome => ({ status: 'accepted' }));
  for (const { index, status, code = 'REJECTED', detail = '', path } of answer.results) {
    if (index >= count) continue;
    if (status === 'duplicate') outcomes[index] = { status };
    else if (status !== 'accepted') {
      outcomes[index] = { status: 'rejected', code, detail, ...(path === undefined ? {} : { path }) };
    }
  }
  return outcomes;
}
