/** An item in the hands of one run: each run is an owner of its own, also of the same process. */
import { randomUUID } from 'node:crypto';
import { Superseded } from './interface.ts';
import type { Kept, Work, WorkStop } from './interface.ts';
import type { RecordTopic } from './record-topic.ts';

export interface WorkInHandOptions<R> {
  readonly id: string;
  readonly noun: string;
  readonly topic: Pick<RecordTopic<Kept<R>>, 'get' | 'write'>;
  readonly certain: (signal: AbortSignal) => Promise<void>;
  readonly stop: WorkStop;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** To be made when this process certainly has the item: another that has it would take it from the run, and be taken from. */
export function createWorkInHand<R>(options: WorkInHandOptions<R>): Work<R> {
  const { certain, id, noun, now, stop, topic } = options;
  let record = topic.get(id);
  // Of what was there at the beginning: what another one writes from now on supersedes this run.
  const claim = { epoch: (record?.epoch ?? 0) + 1, owner: randomUUID() };
  return {
    get record() {
      return record;
    },
    certain,
    async save(said, signal = stop.hard) {
      const kept: Kept<R> = { ...said, ...claim, writtenMs: now() };
      if ((await topic.write(id, kept, signal)) === 'superseded')
        throw new Superseded(`another process has this ${noun}`);
      record = kept;
    },
  };
}
