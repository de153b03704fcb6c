/** What became of each item of a submission. The counts of the four always sum to the items. */

export type ItemStatus = 'accepted' | 'duplicate' | 'rejected' | 'dead-lettered';

/** One line of an answer's `results`. */
export interface ItemResult {
  /** Place in the request, from 0. */
  readonly index: number;
  /** The event's id, where it could be read. */
  readonly id?: string;
  readonly status: ItemStatus;
  /** Why, when it was not accepted: a code of docs/errors.md. */
  readonly code?: string;
  readonly detail?: string;
  /** JSON Pointer of the fault within the event. */
  readonly path?: string;
}

export interface SubmissionAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Raw records kept as dead letters (sources only). */
  readonly deadLettered?: number;
  /** Raw records that say nothing of interest to an audit, by the rule that said so (sources only). */
  readonly ignored?: number;
  readonly results: readonly ItemResult[];
}

/** Counts results; `listed` decides whether accepted ones are listed too. */
export function summarize(results: readonly ItemResult[], listed: 'refused' | 'all'): SubmissionAnswer {
  let accepted = 0;
  let duplicates = 0;
  let rejected = 0;
  for (const { status } of results) {
    if (status === 'accepted') accepted++;
    else if (status === 'duplicate') duplicates++;
    else rejected++;
  }
  return {
    accepted,
    duplicates,
    rejected,
    results: listed === 'all' ? results : results.filter(({ status }) => status !== 'accepted'),
  };
}
