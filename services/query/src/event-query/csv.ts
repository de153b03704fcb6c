/**
 * Events as CSV: RFC 4180, in UTF-8. A cell is the value's text; a number or boolean as JSON writes it; an object or list,
 * and all values found where a list stands on the way, as JSON; nothing for what is absent or null.
 *
 * Programs that open CSV run a cell that begins like a formula. Such a cell gets an apostrophe in front, and so does one
 * that begins with an apostrophe: who takes one leading apostrophe away has the value again. JSON numbers stay.
 */
import { selectJsonValues } from '@cadf-pipeline/cadf-model';
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
  return line(fields.map(({ name }) => neutral(name)));
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
  return value.startsWith('"') ? neutral(String(JSON.parse(value))) : value;
}

/** OWASP, CSV Injection; the wide forms are read as the narrow ones by some. */
const FORMULA = /^['=+\-@\t\r\n＝＋－＠]/;

function neutral(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
