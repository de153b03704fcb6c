/**
 * One Parquet file, written from its front to its end: rows are kept until they make a row group, then its bytes are
 * handed out. Only what the footer says of each row group stays.
 */
import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { columnSource, fileSchema } from './column.ts';
import type { Cell, ParquetColumn } from './column.ts';

/** A row group ends with whichever comes first: memory stays bounded, and readers get groups worth their footer. */
const MAX_GROUP_ROWS = 20_000;
const MAX_GROUP_BYTES = 16 * 1024 * 1024;
/** Higher levels win less than 3 % of the size of events and take longer. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export interface ParquetFile {
  /** A row: a cell for each column, in their order. `bytes` is about what it takes in memory. */
  add(cells: readonly Cell[], bytes: number): void;
  /** The bytes that are ready, perhaps none; they hold until the next call. */
  take(): readonly Uint8Array[];
  /** Writes what is left and the footer. Then `take` has the last bytes. */
  end(): void;
}

/** Throws TypeError or RangeError for cells that do not fit their columns. */
export function createParquetFile(columns: readonly ParquetColumn[]): ParquetFile {
  const bytes = new ByteWriter(1024 * 1024);
  const file = new ParquetWriter({
    writer: bytes,
    schema: fileSchema(columns),
    codec: 'ZSTD',
    compressors: { ZSTD: (page) => zstdCompressSync(page, ZSTD) },
    createdBy: 'cadf-pipeline',
  });
  const group = columns.map((column) => ({ column, cells: new Array<Cell>() }));
  let groupRows = 0;
  let groupBytes = 0;
  let taken = false;

  /** The buffer is used again once its bytes were taken. */
  function startOver(): void {
    if (!taken) return;
    bytes.index = 0;
    taken = false;
  }

  function writeGroup(): void {
    if (groupRows === 0) return;
    startOver();
    void file.write({
      columnData: group.map(({ column, cells }) => columnSource(column, cells)),
      rowGroupSize: groupRows,
    });
    for (const { cells } of group) cells.length = 0;
    groupRows = 0;
    groupBytes = 0;
  }

  return {
    add(cells, size) {
      for (let index = 0; index < group.length; index++) group[index]?.cells.push(cells[index]);
      groupRows += 1;
      groupBytes += size;
      if (groupRows >= MAX_GROUP_ROWS || groupBytes >= MAX_GROUP_BYTES) writeGroup();
    },
    take() {
      startOver();
      taken = true;
      return bytes.index === 0 ? [] : [bytes.getBytes()];
    },
    end() {
      writeGroup();
      startOver();
      void file.finish();
    },
  };
}
