/**
 * Rows of events as the engine gives them in `RowBinary`, left as the bytes they are: which bytes are which column.
 * Reading rows as text and writing texts of them costs several times as much as the engine needs to find them.
 * https://clickhouse.com/docs/interfaces/formats/RowBinary
 */
import { StoreError } from '../errors.ts';
import { TEXT_COLUMNS } from '../row/text-columns.ts';

/** The strings of a row, in their order; the columns of the event begin at `FIRST_COLUMN`. */
const STRINGS = ['source', 'time_form', 'tag_list', 'rest'] as const;
export const SOURCE = 0;
export const TIME_FORM = 1;
export const TAG_LIST = 2;
export const REST = 3;
const FIRST_COLUMN = STRINGS.length;
const WIDTH = STRINGS.length + TEXT_COLUMNS.length;

/** 4 + 8 + 8 + 8 + 8 + 4 + 1 + 1 bytes (a DateTime64(3) is an Int64 of milliseconds), then the strings, each with its length before it. */
export const LINES_SELECT = [
  'partition',
  'offset',
  'event_time',
  'received',
  'shape',
  'time_below',
  'join_chains',
  'has_chain',
  ...STRINGS,
  ...TEXT_COLUMNS.map(({ name }) => (name === 'request_path_ref' ? 'request_path' : name)),
].join(', ');
const FIXED_BYTES = 42;
/** Where `received` is. */
const RECEIVED_AT = 20;

/** Where each column is among the strings of a row, by the code that references have for it; -1: none. */
export const STRING_BY_CODE: readonly number[] = Array.from({ length: 32 }, (_, code) => {
  const column = TEXT_COLUMNS.findIndex((one) => one.code === code);
  return column < 0 ? -1 : FIRST_COLUMN + column;
});
export const ID = STRING_BY_CODE[1] ?? -1;

export interface LineRow {
  readonly bytes: Buffer;
  /** Where the row begins in `bytes`. */
  readonly start: number;
  readonly partition: number;
  readonly offset: number;
  readonly timeMs: number;
  /** '0' as a number: the whole text is in `rest`. */
  readonly shape: bigint;
  readonly timeBelow: number;
  readonly joinChains: boolean;
  readonly hasChain: boolean;
  /** Beginnings and ends of the strings in `bytes`, one after the other. */
  readonly spans: Int32Array;
}

export function readLineRows(answer: Uint8Array): LineRow[] {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  const rows: LineRow[] = [];
  let at = 0;
  while (at < bytes.length) {
    const fixed = at;
    const spans = new Int32Array(2 * WIDTH);
    at += FIXED_BYTES;
    for (let index = 0; index < WIDTH; index++) {
      // The length: seven bits a byte, the lowest first.
      let length = bytes[at++] ?? 0;
      if (length > 127) {
        let factor = 128;
        length -= 128;
        for (let byte = 128; byte > 127; factor *= 128) {
          byte = bytes[at++] ?? 0;
          length += (byte & 127) * factor;
        }
      }
      spans[2 * index] = at;
      at += length;
      spans[2 * index + 1] = at;
    }
    if (at > bytes.length) throw new StoreError('STORE_FAILED', 'the answer of the engine ends inside a row');
    rows.push({
      bytes,
      start: fixed,
      partition: bytes.readUInt32LE(fixed),
      offset: bytes.readUInt32LE(fixed + 4) + bytes.readUInt32LE(fixed + 8) * 4_294_967_296,
      timeMs: millisecondsAt(bytes, fixed + 12),
      shape: bytes.readBigUInt64LE(fixed + 28),
      timeBelow: bytes.readUInt32LE(fixed + 36),
      joinChains: bytes[fixed + 40] === 1,
      hasChain: bytes[fixed + 41] === 1,
      spans,
    });
  }
  return rows;
}

export function stringOf(row: LineRow, index: number): string {
  return row.bytes.toString('utf8', row.spans[2 * index], row.spans[2 * index + 1]);
}

/** When the record was received, ms since 1970; few readers ask for it. */
export function receivedOf(row: LineRow): number {
  return millisecondsAt(row.bytes, row.start + RECEIVED_AT);
}

/** An Int64 of milliseconds, which has few enough digits to be a number. */
function millisecondsAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readInt32LE(at + 4) * 4_294_967_296;
}
