/** Events as a Parquet file: typed columns and the whole event beside them. */
import type { FormatWriter } from '../event-format.ts';
import { eventsOf } from '../event-lines.ts';
import type { Cell } from './column.ts';
import { EVENT_COLUMNS, readEventCells } from './event-columns.ts';
import { createParquetFile } from './parquet-file.ts';

/** What a row holds beside its line, about. */
const ROW_BYTES = 512;

/** Throws SyntaxError for a line that is no JSON; the file is of no use then. */
export function openParquetWriter(): FormatWriter {
  const file = createParquetFile(EVENT_COLUMNS);
  const cells: Cell[] = [];
  return {
    write(batch) {
      // Rows outlive the batch, whose buffer may be used again.
      const { count, lines } = batch;
      for (const read of eventsOf({ count, lines: Buffer.from(lines), facts: () => batch.facts() })) {
        readEventCells(read.text, read.event, read, cells);
        file.add(cells, read.text.length + ROW_BYTES);
      }
      return file.take();
    },
    end() {
      file.end();
      return file.take();
    },
  };
}
