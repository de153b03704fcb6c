import { varintText } from './column.ts';

/** Bit that says the block brings its own keys, and bit that says they replace those before. */
const HAS_ADDITIONAL_KEYS = 1 << 9;
const NEED_UPDATE_DICTIONARY = 1 << 10;

/** Version word that opens every `LowCardinality` column of a block. */
export const LOW_CARDINALITY_VERSION = 1;

/** The values of a `LowCardinality(String)` column: each different one once, and an index per row. */
export interface Dictionary {
  /** `value` is a binary string. */
  add(value: string): void;
  readonly rows: number;
  maxBytes(): number;
  /** Writes keys and indexes (not the version word); nothing when there are no rows. */
  write(buffer: Buffer, at: number): number;
  clear(): void;
}

export function createDictionary(): Dictionary {
  const indexes = new Map<string, number>();
  let keys = '';
  let values = new Uint32Array(1024);
  let rows = 0;
  // Rows beside each other mostly share their values, often as the very same string object.
  let lastValue: string | undefined;
  let lastIndex = 0;
  return {
    add(value) {
      if (value !== lastValue) {
        let index = indexes.get(value);
        if (index === undefined) {
          index = indexes.size;
          indexes.set(value, index);
          keys += varintText(value.length) + value;
        }
        lastValue = value;
        lastIndex = index;
      }
      if (rows === values.length) {
        const more = new Uint32Array(rows * 2);
        more.set(values);
        values = more;
      }
      values[rows++] = lastIndex;
    },
    get rows() {
      return rows;
    },
    maxBytes: () => 24 + keys.length + rows * 4,
    write(buffer, at) {
      if (rows === 0) return at;
      const width = indexes.size <= 0x100 ? 1 : indexes.size <= 0x1_0000 ? 2 : 4;
      const kind = width === 1 ? 0 : width === 2 ? 1 : 2;
      at = writeWord(buffer, at, kind | HAS_ADDITIONAL_KEYS | NEED_UPDATE_DICTIONARY);
      at = writeWord(buffer, at, indexes.size);
      at += buffer.write(keys, at, 'latin1');
      at = writeWord(buffer, at, rows);
      for (let row = 0; row < rows; row++) {
        const index = values[row] ?? 0;
        buffer[at++] = index;
        if (width > 1) buffer[at++] = index >>> 8;
        if (width > 2) {
          buffer[at++] = index >>> 16;
          buffer[at++] = index >>> 24;
        }
      }
      return at;
    },
    clear() {
      indexes.clear();
      keys = '';
      rows = 0;
      lastValue = undefined;
    },
  };
}

/** An 8-byte little-endian number below 2^32. */
export function writeWord(buffer: Buffer, at: number, value: number): number {
  buffer.writeUInt32LE(value, at);
  buffer.writeUInt32LE(0, at + 4);
  return at + 8;
}
