import { varintText } from './column.ts';
import type { Column } from './column.ts';
import { createDictionary, writeLowCardinalityVersion } from './dictionary.ts';
import { createWideColumn } from './number-column.ts';
import type { NumberColumn } from './number-column.ts';
import { createByteStore } from './string-column.ts';

export interface ArrayColumn extends Column {
  /** `values` are binary strings. */
  readonly add: (values: readonly string[]) => void;
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
      at = writeLowCardinalityVersion(buffer, at);
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
function createEnds(): NumberColumn {
  const ends = createWideColumn('', 'UInt64');
  let total = 0;
  return {
    ...ends,
    add(length) {
      total += length;
      ends.add(total);
    },
    clear() {
      ends.clear();
      total = 0;
    },
  };
}
