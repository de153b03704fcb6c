import { varintText, writeVarint } from './column.ts';
import type { Column } from './column.ts';

/** Bytes kept between blocks; a block of 20,000 events has about 8 MB. */
const KEPT_BYTES = 32 * 1024 * 1024;

export interface NativeEncoder {
  /** The columns as one Native block. The answer is valid until the next call. */
  encode(columns: readonly Column[], rows: number): Buffer;
}

export function createNativeEncoder(): NativeEncoder {
  let buffer = Buffer.allocUnsafe(0);
  return {
    encode(columns, rows) {
      const needed = 20 + columns.reduce((sum, column) => sum + headOf(column).length + column.maxBytes(), 0);
      // Grown in steps so that blocks of slightly different sizes share the buffer.
      if (buffer.length < needed || buffer.length > Math.max(KEPT_BYTES, 4 * needed))
        buffer = Buffer.allocUnsafe(Math.ceil(needed / (1 << 20)) << 20);
      let at = writeVarint(buffer, 0, columns.length);
      at = writeVarint(buffer, at, rows);
      for (const column of columns) {
        at += buffer.write(headOf(column), at, 'latin1');
        at = column.write(buffer, at);
      }
      return buffer.subarray(0, at);
    },
  };
}

/** Name and type as Native strings. */
function headOf(column: Column): string {
  return varintText(column.name.length) + column.name + varintText(column.type.length) + column.type;
}
