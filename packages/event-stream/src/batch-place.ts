/**
 * The header `cadf-batch: <id>.<index>.<count>.<first>` of topics of several partitions: which records were appended
 * together, and in which order. Kafka and the embedded stream order records within a partition only; with it a reader of several can give
 * what one call appended in the order in which it came. Records without it are batches of their own.
 *
 * `first` grows from call to call of a process, so that batches which were received in the same millisecond are told
 * apart: were the places of all counted from 0, readers would put them into one another, and a record that waits behind
 * one of another batch in its partition would come after later ones of its own.
 */
import { randomInt } from 'node:crypto';
import type { AppendBatch, RecordHeaders } from './interface.ts';

export const BATCH_HEADER = 'cadf-batch';

/** A record's place among those that were appended together. */
export interface BatchPlace {
  /** Of the call; different calls have different ones, as good as certainly. */
  readonly batch: string;
  /** From 0; below `count`. */
  readonly index: number;
  readonly count: number;
  /** Among all that the process appended, this batch included; of earlier versions the index. */
  readonly place: number;
}

const ID_DIGITS = 8;
const IDS = 36 ** ID_DIGITS;
const FORM = /^([0-9a-z]{8})\.(\d{1,9})\.(\d{1,9})(?:\.(\d{1,10}))?$/;
/** Stores keep places in 32 bits; then they are counted from 0 again. */
const MAX_PLACE = 2 ** 32 - 1;
let places = 0;

/** Undefined where there is none, or none that can be meant. */
export function readBatchPlace(headers: RecordHeaders): BatchPlace | undefined {
  const header = headers[BATCH_HEADER];
  const match = header === undefined ? null : FORM.exec(header);
  if (match === null) return undefined;
  const [index, count, first] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)];
  const place = first + index;
  return index < count && place <= MAX_PLACE ? { batch: match[1] ?? '', index, count, place } : undefined;
}

/**
 * The batch as it is appended to a topic of so many partitions: each record with its place, also where all go to one of
 * them, since the place tells it from other batches of the same millisecond. Of one partition the very same batch.
 */
export function withBatchPlaces(batch: AppendBatch, partitions: number): AppendBatch {
  const { records } = batch;
  if (partitions === 1 || records.length === 0) return batch;
  const id = randomInt(IDS).toString(36).padStart(ID_DIGITS, '0');
  const first = places + records.length > MAX_PLACE ? 0 : places;
  places = first + records.length;
  const placed = records.map(({ headers, key, value }, index) => ({
    key,
    value,
    headers: { ...headers, [BATCH_HEADER]: `${id}.${index}.${records.length}.${first}` },
  }));
  return { ...batch, records: placed };
}
