import type { Column } from './column.ts';
import { createUnsignedArray } from './unsigned-array.ts';

export interface NumberColumn extends Column {
  readonly add: (value: number) => void;
}

export interface UnsignedColumn extends NumberColumn {
  /** Replaces the value of a row already added. */
  readonly set: (row: number, value: number) => void;
}

/** Unsigned integers of 1, 2 or 4 bytes. */
export function createUnsignedColumn(name: string, type: 'UInt8' | 'UInt16' | 'UInt32'): UnsignedColumn {
  const width = type === 'UInt8' ? 1 : type === 'UInt16' ? 2 : 4;
  const values = createUnsignedArray();
  return {
    name,
    type,
    add: values.add,
    set: values.set,
    maxBytes: () => values.length * width,
    write: (buffer, at) => values.write(buffer, at, width),
    clear: values.clear,
  };
}

/** Whole numbers of 8 bytes, -2^53 to 2^53: `UInt64`, or the ticks of a `DateTime64(3)`. */
export function createWideColumn(name: string, type: 'UInt64' | "DateTime64(3, 'UTC')"): NumberColumn {
  const words = createUnsignedArray();
  return {
    name,
    type,
    add(value) {
      const high = Math.floor(value / 0x1_0000_0000);
      words.add(value - high * 0x1_0000_0000);
      // Taken modulo 2^32, which is the two's complement of a negative number.
      words.add(high);
    },
    maxBytes: () => words.length * 4,
    write: (buffer, at) => words.write(buffer, at, 4),
    clear: words.clear,
  };
}
