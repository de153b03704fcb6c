import { varintText } from './column.ts';
import type { Column } from './column.ts';
import { createDictionary, LOW_CARDINALITY_VERSION, writeWord } from './dictionary.ts';
import { createByteStore } from './string-column.ts';

export interface ArrayColumn extends Column {
  /** `values` are binary strings. */
  add(values: readonly string[]): void;
}

/** `Array(String)`: the ends of the rows' values, then all values. */
export function createStringArrayColumn(name: string): ArrayColumn {
  const ends = createEnds();
  const bytes = createByteStore();
  return {
    name,
    type: 'Array(String)',
    add(values) {
      ends.add(values.length);
      for (const value of values) bytes.add(varintText(value.length) + value);
    },
    maxBytes: () => ends.maxBytes() + bytes.length,
    write(buffer, at) {
      at = ends.write(buffer, at);
      return bytes.write(buffer, at);
    },
    clear() {
      ends.clear();
      bytes.clear();
    },
  };
}

/** `Array(LowCardinality(String))`. */
export function createLowCardinalityArrayColumn(name: string): ArrayColumn {
  const ends = createEnds();
  const dictionary = createDictionary();
  return {
    name,
    type: 'Array(LowCardinality(String))',
    add(values) {
      ends.add(values.length);
      for (const value of values) dictionary.add(value);
    },
    maxBytes: () => 8 + ends.maxBytes() + dictionary.maxBytes(),
    write(buffer, at) {
      // The version word of the inner column comes before the ends.
      at = writeWord(buffer, at, LOW_CARDINALITY_VERSION);
      at = ends.write(buffer, at);
      return dictionary.write(buffer, at);
    },
    clear() {
      ends.clear();
      dictionary.clear();
    },
  };
}

/** Where each row's values end, counted from the start of the block. */
function createEnds(): {
  add(length: number): void;
  maxBytes(): number;
  write(buffer: Buffer, at: number): number;
  clear(): void;
} {
  let ends: number[] = [];
  let total = 0;
  return {
    add(length) {
      total += length;
      ends.push(total);
    },
    maxBytes: () => ends.length * 8,
    write(buffer, at) {
      for (const end of ends) at = writeWord(buffer, at, end);
      return at;
    },
    clear() {
      ends = [];
      total = 0;
    },
  };
}
