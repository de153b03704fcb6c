import { varintText } from './column.ts';
import { createUnsignedArray } from './unsigned-array.ts';

/** Bit that says the block brings its own keys, and bit that says they replace those before. */
const HAS_ADDITIONAL_KEYS = 1 << 9;
const NEED_UPDATE_DICTIONARY = 1 << 10;

/** Version word that opens every `LowCardinality` column of a block. */
const LOW_CARDINALITY_VERSION = 1;

/** The values of a `LowCardinality(String)` column: each different one once, and an index per row. */
export interface Dictionary {
  /** `value` is a binary string. */
  readonly add: (value: string) => void;
  readonly maxBytes: () => number;
  /** Writes keys and indexes (not the version word); nothing when there are no rows. */
  readonly write: (buffer: Buffer, at: number) => number;
  readonly clear: () => void;
}

/** Values seen last, found by a few of their characters: hashing a whole string that is a slice of another is slow. */
const RECENT = 512;

export function createDictionary(): Dictionary {
  const indexes = new Map<string, number>();
  const recentValues = Array.from({ length: RECENT }, (): string | undefined => undefined);
  const recentIndexes = new Uint32Array(RECENT);
  let keys = '';
  const values = createUnsignedArray();
  let lastValue: string | undefined;
  let lastIndex = 0;

  function indexOf(value: string): number {
    const slot = slotOf(value);
    if (recentValues[slot] === value) return recentIndexes[slot] ?? 0;
    let index = indexes.get(value);
    if (index === undefined) {
      index = indexes.size;
      indexes.set(value, index);
      keys += varintText(value.length) + value;
    }
    recentValues[slot] = value;
    recentIndexes[slot] = index;
    return index;
  }

  return {
    add(value) {
      // The very same string object as in the row before, mostly ''.
      if (value !== lastValue) {
        lastIndex = indexOf(value);
        lastValue = value;
      }
      values.add(lastIndex);
    },
    maxBytes: () => 24 + keys.length + values.length * 4,
    write(buffer, at) {
      if (values.length === 0) return at;
      const kind = indexes.size <= 0x100 ? 0 : indexes.size <= 0x1_0000 ? 1 : 2;
      at = writeWord(buffer, at, kind | HAS_ADDITIONAL_KEYS | NEED_UPDATE_DICTIONARY);
      at = writeWord(buffer, at, indexes.size);
      at += buffer.write(keys, at, 'latin1');
      at = writeWord(buffer, at, values.length);
      return values.write(buffer, at, kind === 0 ? 1 : kind === 1 ? 2 : 4);
    },
    clear() {
      indexes.clear();
      recentValues.fill(undefined);
      keys = '';
      values.clear();
      lastValue = undefined;
    },
  };
}

function slotOf(value: string): number {
  const length = value.length;
  if (length === 0) return 0;
  const end = 10 * value.charCodeAt(length - 1) + 100 * value.charCodeAt(length - 2 > 0 ? length - 2 : 0);
  return (length + end + 7 * value.charCodeAt(0) + value.charCodeAt(length >> 1)) & (RECENT - 1);
}

export function writeLowCardinalityVersion(buffer: Buffer, at: number): number {
  return writeWord(buffer, at, LOW_CARDINALITY_VERSION);
}

/** An 8-byte little-endian number below 2^32. */
export function writeWord(buffer: Buffer, at: number, value: number): number {
  buffer.writeUInt32LE(value, at);
  buffer.writeUInt32LE(0, at + 4);
  return at + 8;
}
