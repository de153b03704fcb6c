import { constants, zstdCompressSync } from 'node:zlib';

const BLOCK_BYTES = 65_536;

/** Bytes of a column after Zstandard level 1 in blocks of 64 KiB, as a column store writes it; values end with a zero byte. */
export function storedBytes(column: readonly string[]): number {
  let bytes = 0;
  let block = '';
  for (const value of column) {
    block += `${value}\0`;
    if (block.length >= BLOCK_BYTES) {
      bytes += compressedLength(block);
      block = '';
    }
  }
  return block === '' ? bytes : bytes + compressedLength(block);
}

function compressedLength(block: string): number {
  return zstdCompressSync(Buffer.from(block), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }).length;
}

/** Columns of values by name. */
export function createColumns(): { add(name: string, value: string): void; bytes(): Map<string, number> } {
  const columns = new Map<string, string[]>();
  return {
    add(name, value) {
      const column = columns.get(name);
      if (column === undefined) columns.set(name, [value]);
      else column.push(value);
    },
    bytes: () => new Map(Array.from(columns, ([name, column]) => [name, storedBytes(column)])),
  };
}
