/** A line with the traceback behind it, which has no header of its own: gathered until the next line with one. */
import type { Outcome, RawRecord } from '../../src/source.ts';

export interface OpenBlock {
  /** Records gathered; 0: none is open. */
  readonly size: number;
  /** `finish` makes the outcome of all of them. The block before has to be closed. */
  open(record: RawRecord, finish: (records: readonly RawRecord[]) => Outcome): void;
  /** False: no block is open, or it is full. */
  add(record: RawRecord): boolean;
  close(): Outcome[];
}

const MAX_LINES = 256;
const MAX_CHARACTERS = 256 * 1024;

export function createOpenBlock(): OpenBlock {
  let records: RawRecord[] = [];
  let characters = 0;
  let finish: ((records: readonly RawRecord[]) => Outcome) | undefined;
  return {
    get size() {
      return records.length;
    },
    open(record, make) {
      records = [record];
      characters = record.text.length;
      finish = make;
    },
    add(record) {
      characters += record.text.length;
      if (records.length === 0 || records.length >= MAX_LINES || characters > MAX_CHARACTERS) return false;
      records.push(record);
      return true;
    },
    close() {
      const made = finish === undefined ? [] : [finish(records)];
      records = [];
      characters = 0;
      finish = undefined;
      return made;
    },
  };
}
