/** Writes files of formats that make a row of Parquet of each event. */
import type { FileFormat, FormatWriter } from '../event-format.ts';
import { eventsOf } from '../event-lines.ts';
import type { ReadEvent } from '../event-lines.ts';
import type { Cell, ParquetColumn } from './column.ts';
import { createTurns } from '../turns.ts';
import { createParquetFile } from './parquet-file.ts';

export interface ParquetForm {
  readonly columns: readonly ParquetColumn[];
  /** Fills `cells`, one for each column. What it puts in is kept for a while; `cells` is not. */
  readonly read: (event: ReadEvent, cells: Cell[]) => void;
}

/** What a row holds in memory beside the text of its event, about. */
const ROW_BYTES = 512;

/** Parquet compresses its pages by itself. */
export function parquetFormat(form: ParquetForm): FileFormat {
  return {
    extension: '.parquet',
    mediaType: 'application/vnd.apache.parquet',
    compressible: false,
    open: () => openWriter(form),
  };
}

/** An event that is no JSON, or a cell that does not fit its column, throws, and the file is of no use then. */
function openWriter({ columns, read }: ParquetForm): FormatWriter {
  const file = createParquetFile(columns);
  const cells: Cell[] = [];
  const giveWay = createTurns();
  return {
    async write(batch) {
      // Rows outlive the batch, whose buffer may be used again.
      const lines = Buffer.from(batch.lines);
      for (const event of eventsOf({ count: batch.count, lines, facts: () => batch.facts() })) {
        read(event, cells);
        if (file.add(cells, event.text.length + ROW_BYTES)) await file.writeGroup();
        const turn = giveWay();
        if (turn !== undefined) await turn;
      }
      return file.take();
    },
    async end() {
      await file.end();
      return file.take();
    },
  };
}
