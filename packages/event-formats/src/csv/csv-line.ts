/**
 * Events as lines of CSV: RFC 4180, in UTF-8. A cell is the value's text; a number or boolean as JSON writes it; an object or list,
 * and all values found where a list stands on the way, as JSON; nothing for what is absent or null.
 * JSON numbers stay; texts that begin like a formula have an apostrophe in front (`csv-cell.ts`).
 */
import { isMembers, selectJsonValues } from '@cadf-pipeline/cadf-model';
import { neutralCell, quotedCell } from './csv-cell.ts';

/** A column of an event. */
export interface CsvField {
  /** Its heading. */
  readonly name: string;
  readonly path: readonly string[];
}

/** The columns where nobody asks for others. */
export const CSV_FIELDS: readonly CsvField[] = [
  'id',
  'eventTime',
  'eventType',
  'action',
  'outcome',
  'severity',
  'name',
  'reason/reasonCode',
  'initiator/id',
  'initiator/typeURI',
  'initiator/name',
  'initiator/project_id',
  'initiator/host/address',
  'initiatorId',
  'target/id',
  'target/typeURI',
  'target/name',
  'target/project_id',
  'targetId',
  'observer/id',
  'observer/typeURI',
  'observer/name',
  'observerId',
  'requestPath',
  'tags',
].map((name) => ({ name, path: name.split('/') }));

export function csvHeading(fields: readonly CsvField[]): string {
  return csvRow(fields.map(({ name }) => neutralCell(name)));
}

/** One line for an event's text. */
export function csvLine(text: string, fields: readonly CsvField[]): string {
  return csvRow(csvCells(text, JSON.parse(text), fields));
}

/** `event` is what `JSON.parse` makes of the text. */
export function csvCells(text: string, event: unknown, fields: readonly CsvField[]): string[] {
  return fields.map(({ path }) => cellOf(text, event, path));
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map(quotedCell).join(',')}\r\n`;
}

/** Nearly all cells are texts. The others are looked for in the text of the event, for their numbers to stay as they are written. */
function cellOf(text: string, event: unknown, path: readonly string[]): string {
  let value = event;
  for (const name of path) {
    if (Array.isArray(value)) break;
    value = isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  if (typeof value === 'string') return neutralCell(value);
  if (value === undefined || value === null) return '';
  const { list, values } = selectJsonValues(text, path);
  return list ? `[${values.join(',')}]` : (values[0] ?? '');
}
