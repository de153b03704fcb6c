/** Every format of exported files, by its name. */
import { cadfJson } from './cadf-json.ts';
import { cadfNdjson } from './cadf-ndjson.ts';
import { cadfXml } from './cadf-xml.ts';
import { csv } from './csv/csv-file.ts';
import type { ExportFormat, FileFormat } from './event-format.ts';
import { cef, leef, syslog } from './line-formats.ts';
import { ocsfJson, ocsfParquet } from './ocsf/ocsf.ts';
import { parquet } from './parquet/parquet.ts';

export const fileFormats: Readonly<Record<ExportFormat, FileFormat>> = {
  'cadf-ndjson': cadfNdjson,
  'cadf-json': cadfJson,
  'cadf-xml': cadfXml,
  csv,
  parquet,
  'ocsf-json': ocsfJson,
  'ocsf-parquet': ocsfParquet,
  cef,
  leef,
  syslog,
};
