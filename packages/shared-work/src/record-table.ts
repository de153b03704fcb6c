/**
 * Which of the records of an item counts.
 *
 * A process that was cut off may go on writing after another one took its items over. The log decides: each owner
 * begins with a record of a higher epoch, and from there on the records of lower ones do not count, nor those of
 * another owner that chose the same epoch a moment later. All processes read the same log and agree.
 */
import type { Claim } from './interface.ts';

/** `older`: the record does not count. */
export type AppliedRecord = 'applied' | 'older';

export interface RecordTable<R extends Claim> {
  /** Null: the item is gone. */
  apply(id: string, record: R | null): AppliedRecord;
  get(id: string): R | undefined;
  ids(): Iterable<string>;
}

export function createRecordTable<R extends Claim>(): RecordTable<R> {
  const records = new Map<string, R>();
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
