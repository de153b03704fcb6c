/**
 * Events as CSV: RFC 4180, in UTF-8. A cell is the value's text; a number or boolean as JSON writes it; an object or list,
 * and all values found where a list stands on the way, as JSON; nothing for what is absent or null.
 * JSON numbers stay; texts that begin like a formula have an apostrophe in front (`csv-cell.ts`).
 */
import { selectJsonValues } from '@cadf-pipeline/cadf-model';
import { neutralCell, quotedCell } from '../csv-cell.ts';
import type { Field } from './fields.ts';

/** Where `fields` does not say otherwise. */
export const DEFAULT_CSV_FIELDS: readonly Field[] = [
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

export function csvHeading(fields: readonly Field[]): string {
  return line(fields.map(({ name }) => neutralCell(name)));
}

/** One line for an event's text. */
export function csvLine(text: string, fields: readonly Field[]): string {
  return line(fields.map(({ path }) => cellOf(text, path)));
}

function cellOf(text: string, path: readonly string[]): string {
  const { list, values } = selectJsonValues(text, path);
  if (list) return `[${values.join(',')}]`;
  const [value] = values;
  if (value === undefined || value === 'null') return '';
  return value.startsWith('"') ? neutralCell(String(JSON.parse(value))) : value;
}

function line(cells: readonly string[]): string {
  return `${cells.map(quotedCell).join(',')}\r\n`;
}
