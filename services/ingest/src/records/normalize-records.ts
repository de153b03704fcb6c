import { readerOutcome } from '../source.ts';
import type { Normalizer, Outcome, RawRecord } from '../source.ts';

/** Runs records through a normalizer to the end: every record is in exactly one of the outcomes. */
export function normalizeRecords(records: readonly RawRecord[], normalizer: Normalizer): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const record of records) {
    const unread = readerOutcome(record);
    if (unread === undefined) outcomes.push(...normalizer.push(record));
    else outcomes.push(unread);
  }
  outcomes.push(...normalizer.flush());
  return outcomes;
}
