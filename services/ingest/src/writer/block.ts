/** Records collected for one insert: bounded in rows, bytes and time, so that memory and visibility are. */
import type { StreamRecord } from '@cadf-pipeline/event-stream';

export interface BlockLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** Collects records of several partitions; order within a partition is order of arrival. */
export interface Block {
  readonly records: readonly StreamRecord[];
  readonly full: boolean;
  add(record: StreamRecord): void;
  /** Forgets the records of partitions that were taken away. */
  drop(partitions: ReadonlySet<number>): void;
}

export function createBlock(limits: BlockLimits): Block {
  let records: StreamRecord[] = [];
  let bytes = 0;
  return {
    get records() {
      return records;
    },
    get full() {
      return records.length >= limits.maxRows || bytes >= limits.maxBytes;
    },
    add(record) {
      records.push(record);
      bytes += record.value?.length ?? 0;
    },
    drop(partitions) {
      records = records.filter((record) => !partitions.has(record.partition));
      bytes = records.reduce((sum, record) => sum + (record.value?.length ?? 0), 0);
    },
  };
}

/** Offsets of one partition. */
export interface OffsetRange {
  readonly from: number;
  /** The first one behind. */
  readonly next: number;
}

/** Per partition, from the first record of the block to behind the last. */
export function offsetsOf(records: readonly StreamRecord[]): Map<number, OffsetRange> {
  const offsets = new Map<number, OffsetRange>();
  for (const { offset, partition } of records)
    offsets.set(partition, { from: offsets.get(partition)?.from ?? offset, next: offset + 1 });
  return offsets;
}
