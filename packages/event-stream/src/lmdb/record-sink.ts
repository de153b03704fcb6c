import type { StreamRecord } from '../interface.ts';

/** Collects records up to a number of value bytes and a number of records. */
export interface RecordSink {
  readonly records: StreamRecord[];
  /** Bytes of the values collected. */
  bytes: number;
  /** Set when the next record would have been too much. */
  full: boolean;
  readonly maxBytes: number;
  readonly maxRecords: number;
}

/** True when the sink may not take another record. */
export function isFull(sink: RecordSink): boolean {
  return sink.full || sink.bytes >= sink.maxBytes || sink.records.length >= sink.maxRecords;
}
