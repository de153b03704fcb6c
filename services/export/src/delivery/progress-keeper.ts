/** The progress of one subscription in the hands of its owner. */
import type { ProgressRecord } from './progress-record.ts';
import type { ProgressTopic } from './progress-topic.ts';

/** Another process took the subscription over. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

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
  id: string,
  first: ProgressRecord,
  topic: Pick<ProgressTopic, 'write'>,
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
      const record = { ...current, writtenMs: now() };
      current = record;
      if ((await topic.write(id, record, signal)) === 'superseded')
        throw new Superseded('another process delivers this subscription');
      saved = record;
      savedMs = now();
    },
  };
}
