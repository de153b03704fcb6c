/**
 * Files of CSV: a heading, then a row for each event: where its record comes from, the columns that queries give, too, and
 * in the last column the whole event, so that nothing is lost. docs/export-formats.md tells of each column.
 */
import type { EventBatch, FileFormat } from '../event-format.ts';
import { eventsOf } from '../event-lines.ts';
import { createTextWriter } from '../text-writer.ts';
import { neutralCell } from './csv-cell.ts';
import { CSV_FIELDS, csvCells, csvRow } from './csv-line.ts';

const RECORD_COLUMNS = ['source', 'received', 'partition', 'offset'] as const;
const EVENT_COLUMN = 'event';

export const csv: FileFormat = {
  extension: '.csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  compressible: true,
  open: () => createTextWriter({ head: HEADING, texts }),
};

const HEADING = csvRow([...RECORD_COLUMNS, ...CSV_FIELDS.map(({ name }) => name), EVENT_COLUMN]);

function* texts(batch: EventBatch): Generator<string> {
  for (const { event, json, offset, partition, receivedMs, source } of eventsOf(batch)) {
    const record = [
      neutralCell(source),
      new Date(receivedMs).toISOString(),
      String(partition),
      String(offset),
    ];
    yield csvRow([...record, ...csvCells(json, event, CSV_FIELDS), json]).replaceAll(NUL, REPLACEMENT);
  }
}

/** Some readers end a text at it. In JSON it is escaped, so the last column loses nothing. */
const NUL = '\0';
const REPLACEMENT = '\uFFFD';
