/** Events as a Parquet file: typed columns and the whole event beside them. */
import type { FormatWriter } from '../event-format.ts';
import { forEachLine } from '../event-lines.ts';
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
      const facts = batch.facts();
      // Rows outlive the batch, whose buffer may be used again.
      forEachLine(Buffer.from(batch.lines), (line, index) => {
        const known = facts[index];
        if (known === undefined) throw new RangeError(`no facts of line ${index + 1} of ${batch.count}`);
        readEventCells(line, JSON.parse(line.toString()), known, cells);
        file.add(cells, line.length + ROW_BYTES);
      });
      return file.take();
    },
    end() {
      file.end();
      return file.take();
    },
  };
}
