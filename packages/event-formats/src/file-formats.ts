/** Every format of exported files, by its name. */
import { cadfJson } from './cadf-json.ts';
import { cadfNdjson } from './cadf-ndjson.ts';
import { cadfXml } from './cadf-xml.ts';
import { csv } from './csv/csv-file.ts';
import type { ExportFormat, FileFormat } from './event-format.ts';
import { cef, leef, syslog } from './line-formats.ts';

export const fileFormats: Readonly<Partial<Record<ExportFormat, FileFormat>>> = {
  'cadf-ndjson': cadfNdjson,
  'cadf-json': cadfJson,
  'cadf-xml': cadfXml,
  csv,
  cef,
  leef,
  syslog,
};
