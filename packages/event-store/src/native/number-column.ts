import type { Column } from './column.ts';

export interface NumberColumn extends Column {
  add(value: number): void;
  /** Replaces the value of a row already added. */
  set(row: number, value: number): void;
}

/** Unsigned integers of 1, 2 or 4 bytes. */
export function createUnsignedColumn(name: string, type: 'UInt8' | 'UInt16' | 'UInt32'): NumberColumn {
  const width = type === 'UInt8' ? 1 : type === 'UInt16' ? 2 : 4;
  let values = new Uint32Array(1024);
  let rows = 0;
  return {
    name,
    type,
    add(value) {
      if (rows === values.length) values = grown(values, new Uint32Array(rows * 2));
      values[rows++] = value;
    },
    set(row, value) {
      values[row] = value;
    },
    maxBytes: () => rows * width,
    write(buffer, at) {
      for (let row = 0; row < rows; row++) {
        const value = values[row] ?? 0;
        buffer[at++] = value;
        if (width > 1) buffer[at++] = value >>> 8;
        if (width > 2) {
          buffer[at++] = value >>> 16;
          buffer[at++] = value >>> 24;
        }
      }
      return at;
    },
    clear() {
      rows = 0;
    },
  };
}

/** Whole numbers of 8 bytes, -2^53 to 2^53: `UInt64`, or the ticks of a `DateTime64(3)`. */
export function createWideColumn(name: string, type: 'UInt64' | "DateTime64(3, 'UTC')"): NumberColumn {
  let values = new Float64Array(1024);
  let rows = 0;
  return {
    name,
    type,
    add(value) {
      if (rows === values.length) values = grown(values, new Float64Array(rows * 2));
      values[rows++] = value;
    },
    set(row, value) {
      values[row] = value;
    },
    maxBytes: () => rows * 8,
    write(buffer, at) {
      for (let row = 0; row < rows; row++) {
        const value = values[row] ?? 0;
        const high = Math.floor(value / 0x1_0000_0000);
        buffer.writeUInt32LE(value - high * 0x1_0000_0000, at);
        buffer.writeInt32LE(high, at + 4);
        at += 8;
      }
      return at;
    },
    clear() {
      rows = 0;
    },
  };
}

function grown<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
