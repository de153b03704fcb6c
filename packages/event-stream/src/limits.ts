import { StreamError } from './errors.ts';
import type { AppendBatch, RecordHeaders, TopicSettings } from './interface.ts';

/** Most bytes of one record's value unless the backend is told otherwise. */
export const DEFAULT_MAX_RECORD_BYTES = 2 * 1024 * 1024;
/** Most bytes appended and not yet durable unless the backend is told otherwise. */
export const DEFAULT_MAX_PENDING_BYTES = 64 * 1024 * 1024;
/** Most bytes of values in one batch handed to a reader unless the call says otherwise. */
export const DEFAULT_MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** Most records in one batch handed to a reader, whatever their size. */
export const MAX_BATCH_RECORDS = 20_000;
/** Most UTF-16 units of key, header names and header values of one record, shared headers included. */
export const MAX_RECORD_TEXT = 64 * 1024;
/** Most headers of a batch, and most own headers of a record. */
export const MAX_HEADERS = 64;
/** Most UTF-16 units of a header name. */
export const MAX_HEADER_NAME = 1024;
/** Bytes charged to `pending()` per record beside its value: key, headers, bookkeeping. */
const RECORD_OVERHEAD_BYTES = 128;

/**
 * Checks a batch against the bounds and answers what it costs in pending bytes.
 * Throws StreamError `STREAM_RECORD_TOO_LARGE` naming the first record that is too large.
 */
export function measureBatch(batch: AppendBatch, maxRecordBytes: number): number {
  const sharedText = batch.headers === undefined ? 0 : headerText(batch.headers, 'the batch');
  let bytes = 0;
  const records = batch.records;
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index];
    if (record === undefined) continue;
    const size = record.value === null ? 0 : record.value.length;
    if (size > maxRecordBytes)
      throw tooLarge(`record ${index} has ${size} bytes, the limit is ${maxRecordBytes}`);
    let text = sharedText + record.key.length;
    if (record.headers !== undefined) text += headerText(record.headers, `record ${index}`);
    if (text > MAX_RECORD_TEXT)
      throw tooLarge(
        `record ${index} has ${text} characters of key and headers, the limit is ${MAX_RECORD_TEXT}`,
      );
    bytes += size + text + RECORD_OVERHEAD_BYTES;
  }
  return bytes;
}

function headerText(headers: RecordHeaders, what: string): number {
  let text = 0;
  let count = 0;
  for (const name in headers) {
    count += 1;
    if (name.length > MAX_HEADER_NAME)
      throw tooLarge(
        `${what} has a header name of ${name.length} characters, the limit is ${MAX_HEADER_NAME}`,
      );
    text += name.length + (headers[name] ?? '').length;
  }
  if (count > MAX_HEADERS) throw tooLarge(`${what} has ${count} headers, the limit is ${MAX_HEADERS}`);
  return text;
}

function tooLarge(detail: string): StreamError {
  return new StreamError('STREAM_RECORD_TOO_LARGE', `nothing was appended: ${detail}`);
}

/** Throws RangeError when a topic's settings cannot be meant: a mistake of the program or its configuration. */
export function checkTopicSettings(topic: TopicSettings): void {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic.name) || topic.name === '.' || topic.name === '..')
    throw new RangeError(
      `topic name ${JSON.stringify(topic.name)}: 1 to 249 of a-z A-Z 0-9 . _ - are allowed`,
    );
  if (!Number.isInteger(topic.partitions) || topic.partitions < 1 || topic.partitions > 4096)
    throw new RangeError(`topic ${topic.name}: partitions must be 1 to 4096, not ${topic.partitions}`);
  for (const [name, value] of [
    ['retentionMs', topic.retentionMs],
    ['retentionBytes', topic.retentionBytes],
  ] as const) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0))
      throw new RangeError(`topic ${topic.name}: ${name} must be a whole number of at least 0, not ${value}`);
  }
}
