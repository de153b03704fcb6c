/** Counts what became of events, and tells of those that were rejected. */
import type { SubmitOutcome } from './outcome.ts';
import type { SubmitterCounts, SubmitterSettings } from './submitter-contract.ts';

export interface Tally {
  add(outcome: SubmitOutcome, line: Buffer): void;
  readonly counts: SubmitterCounts;
}

export function createTally({ onRejected }: Pick<SubmitterSettings, 'onRejected'>): Tally {
  let accepted = 0;
  let duplicates = 0;
  let rejected = 0;
  return {
    get counts() {
      return { accepted, duplicates, rejected };
    },
    add(outcome, line) {
      if (outcome.status === 'accepted') accepted++;
      else if (outcome.status === 'duplicate') duplicates++;
      else if (outcome.status === 'rejected') {
        rejected++;
        onRejected(outcome, line.toString());
      }
    },
  };
}
