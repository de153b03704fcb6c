/**
 * One Parquet file, written from its front to its end: rows are kept until they make a row group, then its bytes are
 * handed out. Only what the footer says of each row group stays.
 *
 * Row groups are written by the parts of hyparquet-writer, a leaf at a time, as its own loop takes no turns: a row group
 * is a tenth of a second of work, and the process has others to answer.
 */
import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { writeColumn } from 'hyparquet-writer/src/column.js';
import { createTurns } from '../turns.ts';
import { fileSchema } from './column.ts';
import type { Cell, ParquetColumn } from './column.ts';
import { leavesOf } from './leaf-columns.ts';
import type { LeafColumn } from './leaf-columns.ts';

/** A row group ends with whichever comes first: memory stays bounded, and readers get groups worth their footer. */
const MAX_GROUP_ROWS = 20_000;
const MAX_GROUP_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 1024 * 1024;
/** Higher levels win less than 3 % of the size of events and take longer. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const COMPRESSORS = { ZSTD: (page: Uint8Array): Uint8Array => zstdCompressSync(page, ZSTD) };

type Chunk = ReturnType<typeof writeColumn>['chunk'];

export interface ParquetFile {
  /**
   * A row: a cell for each column, in their order. `bytes` is about what it takes in memory. Answers whether the rows
   * are enough for a row group: then `writeGroup` is due.
   */
  add(cells: readonly Cell[], bytes: number): boolean;
  /** Not to be called again, nor `add`, before it is done. */
  writeGroup(): Promise<void>;
  /** The bytes that are ready, perhaps none. They are the caller's. */
  take(): readonly Uint8Array[];
  /** Writes what is left and the footer. Then `take` has the last bytes. */
  end(): Promise<void>;
}

/** `writeGroup` throws TypeError, RangeError or Error for cells that do not fit their columns. */
export function createParquetFile(columns: readonly ParquetColumn[]): ParquetFile {
  const bytes = new ByteWriter(1024 * 1024);
  const file = new ParquetWriter({
    writer: bytes,
    schema: fileSchema(columns),
    codec: 'ZSTD',
    compressors: COMPRESSORS,
    createdBy: 'cadf-pipeline',
  });
  const leaves = leavesOf(columns);
  const cellsOf = columns.map(() => new Array<Cell>());
  let groupRows = 0;
  let groupBytes = 0;

  async function writeGroup(): Promise<void> {
    if (groupRows === 0) return;
    const start = bytes.offset;
    const chunks: Chunk[] = [];
    const giveWay = createTurns();
    for (const leaf of leaves) {
      chunks.push(writeLeaf(bytes, leaf, cellsOf[leaf.columnIndex] ?? []));
      await giveWay();
    }
    file.num_rows += BigInt(groupRows);
    file.row_groups.push({
      columns: chunks,
      total_byte_size: chunks.reduce((sum, one) => sum + (one.meta_data?.total_uncompressed_size ?? 0n), 0n),
      num_rows: BigInt(groupRows),
      total_compressed_size: BigInt(bytes.offset - start),
    });
    for (const cells of cellsOf) cells.length = 0;
    groupRows = 0;
    groupBytes = 0;
  }

  return {
    add(cells, size) {
      for (let index = 0; index < cellsOf.length; index++) cellsOf[index]?.push(cells[index]);
      groupRows += 1;
      groupBytes += size;
      return groupRows >= MAX_GROUP_ROWS || groupBytes >= MAX_GROUP_BYTES;
    },
    writeGroup,
    take() {
      if (bytes.index === 0) return [];
      // A copy: some streams hold what they were given longer than their answer says.
      const ready = bytes.getBytes().slice();
      bytes.index = 0;
      return [ready];
    },
    async end() {
      await writeGroup();
      await file.finish();
    },
  };
}

function writeLeaf(writer: ByteWriter, { column, path, levelsOf }: LeafColumn, cells: Cell[]): Chunk {
  const element = path.at(-1);
  if (element === undefined) throw new RangeError(`the column ${column.name} has no leaf`);
  const { chunk } = writeColumn({
    writer,
    column: {
      columnName: path
        .slice(1)
        .map(({ name }) => name)
        .join('.'),
      element,
      schemaPath: [...path],
      codec: 'ZSTD',
      compressors: COMPRESSORS,
      stats: column.statistics ?? true,
      pageSize: PAGE_BYTES,
      columnIndex: false,
      offsetIndex: false,
      ...(column.encoding === undefined ? {} : { encoding: column.encoding }),
    },
    pageData: levelsOf(cells),
  });
  return chunk;
}
