import type { RecordBatch, StreamRecord } from '../interface.ts';
import { MAX_BATCH_RECORDS } from '../limits.ts';

/** Cuts a partition's records before `end` into batches of at most `maxBatchBytes` of values (one record may exceed it). */
export function* toRecordBatches(
  topic: string,
  partition: number,
  from: readonly StreamRecord[],
  end: number,
  maxBatchBytes: number,
): Generator<RecordBatch> {
  let records: StreamRecord[] = [];
  let bytes = 0;
  for (const record of from) {
    if (record.offset >= end) break;
    const size = record.value?.length ?? 0;
    if (records.length > 0 && (bytes + size > maxBatchBytes || records.length >= MAX_BATCH_RECORDS)) {
      yield { topic, partition, records };
      records = [];
      bytes = 0;
    }
    records.push(record);
    bytes += size;
  }
  if (records.length > 0) yield { topic, partition, records };
}
