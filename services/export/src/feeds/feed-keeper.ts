import type { Feed } from '@cadf-pipeline/control-state';
import type { Work } from '@cadf-pipeline/shared-work';
import { newFeedRecord, recordOf } from './feed-record.ts';
import type { FeedRecord } from './feed-record.ts';

/** Saves what has changed of a record; one save at a time. */
export interface RecordKeeper {
  readonly record: FeedRecord;
  /** `change` is asked when it is its turn. */
  save(change: (record: FeedRecord) => FeedRecord): Promise<void>;
}

export function createKeeper(feed: Feed, work: Work<FeedRecord>): RecordKeeper {
  let record: FeedRecord = recordOf(feed, work.record) ?? newFeedRecord(feed);
  let last: Promise<void> = Promise.resolve();
  return {
    get record() {
      return record;
    },
    async save(change) {
      last = last
        .catch(() => undefined)
        .then(async () => {
          const next = change(record);
          await work.save(next);
          record = next;
        });
      await last;
    },
  };
}
