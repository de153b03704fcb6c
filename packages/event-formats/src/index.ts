export { EXPORT_FORMATS } from './event-format.ts';
export type {
  DocumentOptions,
  EventBatch,
  EventFacts,
  EventToWrite,
  ExportFormat,
  FileFormat,
  FormatWriter,
} from './event-format.ts';
export { fileFormats } from './file-formats.ts';
export { cefLine } from './cef-line.ts';
export { coreOfEvent } from './core-of-event.ts';
export { hostOf } from './host-of.ts';
export type { ResourceHost } from './host-of.ts';
export { leefLine } from './leef-line.ts';
export { syslogLine } from './syslog-line.ts';
export { createTurns } from './turns.ts';
export type { SyslogLineOptions } from './syslog-line.ts';
export { neutralCell, quotedCell } from './csv/csv-cell.ts';
export { CSV_FIELDS, csvHeading, csvLine } from './csv/csv-line.ts';
export type { CsvField } from './csv/csv-line.ts';
