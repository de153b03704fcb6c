export { EXPORT_FORMATS } from './event-format.ts';
export type { EventBatch, EventFacts, ExportFormat, FileFormat, FormatWriter } from './event-format.ts';
export { openParquetWriter } from './parquet/parquet-writer.ts';
