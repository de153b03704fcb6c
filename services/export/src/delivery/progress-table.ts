/**
 * Which of the records of a subscription counts.
 *
 * A process that was cut off may go on writing after another one took its subscriptions over. The log decides: each
 * owner begins with a record of a higher epoch, and from there on the records of lower ones do not count, nor those of
 * another owner that chose the same epoch a moment later. All processes read the same log and agree.
 */
import type { ProgressRecord } from './progress-record.ts';

/** `older`: the record does not count. */
export type AppliedProgress = 'applied' | 'older';

export interface ProgressTable {
  /** Null: the subscription is gone. */
  apply(id: string, record: ProgressRecord | null): AppliedProgress;
  get(id: string): ProgressRecord | undefined;
  ids(): Iterable<string>;
}

export function createProgressTable(): ProgressTable {
  const records = new Map<string, ProgressRecord>();
  return {
    apply(id, record) {
      if (record === null) {
        records.delete(id);
        return 'applied';
      }
      const current = records.get(id);
      const counts =
        current === undefined ||
        record.epoch > current.epoch ||
        (record.epoch === current.epoch && record.owner === current.owner);
      if (!counts) return 'older';
      records.set(id, record);
      return 'applied';
    },
    get: (id) => records.get(id),
    ids: () => records.keys(),
  };
}
