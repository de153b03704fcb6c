/** Events as Parquet: typed columns, and each whole event beside them. */
import type { FileFormat } from '../event-format.ts';
import { EVENT_COLUMNS, readEventCells } from './event-columns.ts';
import { parquetFormat } from './parquet-writer.ts';

export const parquet: FileFormat = parquetFormat({ columns: EVENT_COLUMNS, read: readEventCells });
