/** The progress of one subscription in the hands of its owner. */
import type { Work } from '@cadf-pipeline/shared-work';
import type { ProgressRecord } from './progress-record.ts';

export interface ProgressKeeper {
  readonly current: ProgressRecord;
  /** Whether it changed since it was saved. */
  readonly changed: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly savedMs: number;
  set(record: ProgressRecord): void;
  /** Resolves when it is durable. Throws Superseded, and the signal's reason. */
  save(signal: AbortSignal): Promise<void>;
}

export function createProgressKeeper(
  first: ProgressRecord,
  work: Pick<Work<ProgressRecord>, 'save'>,
  now: () => number,
): ProgressKeeper {
  let current = first;
  let saved: ProgressRecord | undefined;
  let savedMs = now();
  return {
    get current() {
      return current;
    },
    get changed() {
      return current !== saved;
    },
    get savedMs() {
      return savedMs;
    },
    set(record) {
      current = record;
    },
    async save(signal) {
      const record = current;
      await work.save(record, signal);
      saved = record;
      savedMs = now();
    },
  };
}
