/** Events as OCSF: in JSON, one a line, and in Parquet. */
import type { EventBatch, FileFormat } from '../event-format.ts';
import { eventsOf } from '../event-lines.ts';
import { parquetFormat } from '../parquet/parquet-writer.ts';
import { createTextWriter } from '../text-writer.ts';
import { OCSF_COLUMNS, readOcsfCells } from './ocsf-columns.ts';
import { toOcsfEvent } from './ocsf-event.ts';

export const ocsfJson: FileFormat = {
  extension: '.ocsf.ndjson',
  mediaType: 'application/x-ndjson',
  compressible: true,
  open: () => createTextWriter({ texts: ocsfLines }),
};

export const ocsfParquet: FileFormat = {
  ...parquetFormat({ columns: OCSF_COLUMNS, read: readOcsfCells }),
  extension: '.ocsf.parquet',
};

function* ocsfLines(batch: EventBatch): Generator<string> {
  for (const event of eventsOf(batch)) yield `${JSON.stringify(toOcsfEvent(event))}\n`;
}
