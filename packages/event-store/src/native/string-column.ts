import { varintText } from './column.ts';
import type { Column } from './column.ts';

export interface StringColumn extends Column {
  /** `value` is a binary string. */
  readonly add: (value: string) => void;
}

/** Joined values are moved to a buffer in pieces of this size, so that the events they are slices of can be let go. */
const PIECE_CHARACTERS = 32 * 1024;

/** `String`: lengths and values, joined as one binary string and written piece by piece. */
export function createStringColumn(name: string): StringColumn {
  const bytes = createByteStore();
  return {
    name,
    type: 'String',
    add: (value) => bytes.add(varintText(value.length) + value),
    maxBytes: () => bytes.length,
    write: (buffer, at) => bytes.write(buffer, at),
    clear: () => bytes.clear(),
  };
}

export interface ByteStore {
  /** Appends a binary string. */
  readonly add: (text: string) => void;
  readonly length: number;
  write(buffer: Buffer, at: number): number;
  clear(): void;
}

export function createByteStore(): ByteStore {
  let buffer = Buffer.allocUnsafe(0);
  let written = 0;
  let joined = '';

  function spill(): void {
    const needed = written + joined.length;
    if (needed > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * needed, 2 * PIECE_CHARACTERS));
      buffer.copy(larger, 0, 0, written);
      buffer = larger;
    }
    written += buffer.write(joined, written, 'latin1');
    joined = '';
  }

  return {
    add(text) {
      joined += text;
      if (joined.length > PIECE_CHARACTERS) spill();
    },
    get length() {
      return written + joined.length;
    },
    write(target, at) {
      buffer.copy(target, at, 0, written);
      return at + written + target.write(joined, at + written, 'latin1');
    },
    clear() {
      // A block of huge events must not hold its memory for good.
      if (buffer.length > 16 * Math.max(written, PIECE_CHARACTERS)) buffer = Buffer.allocUnsafe(0);
      written = 0;
      joined = '';
    },
  };
}
