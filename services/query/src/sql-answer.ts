/** The result of an analyst's statement in the forms it is answered in. Values keep the digits the engine gave them. */
import { cellTexts } from '@cadf-pipeline/event-store';
import type { SqlResult } from '@cadf-pipeline/event-store';

export type SqlForm = 'json' | 'ndjson' | 'csv';

export const SQL_MEDIA_TYPES: Readonly<Record<SqlForm, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
};

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export function writeSqlResult(result: SqlResult, form: SqlForm): string {
  switch (form) {
    case 'json':
      return toJson(result);
    case 'ndjson':
      return toNdjson(result);
    case 'csv':
      return toCsv(result);
  }
}

/** `{"columns":[{"name","type"}],"rows":[[…]],"cut"?}`. */
function toJson({ columns, cut, rows }: SqlResult): string {
  const tail = cut === undefined ? '' : `,"cut":${JSON.stringify(cut)}`;
  return `{"columns":${JSON.stringify(columns)},"rows":[${rows.join(',')}]${tail}}`;
}

/** An object per line, its members named by the columns. */
function toNdjson({ columns, rows }: SqlResult): string {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  return rows
    .map((row) => {
      const members = cellTexts(row).map((text, index) => `${keys[index] ?? '""'}:${text}`);
      return `{${members.join(',')}}\n`;
    })
    .join('');
}

/**
 * RFC 4180, with a head. Arrays and the like are JSON, NULL is empty. A text that a spreadsheet would take for a formula
 * has an apostrophe before it.
 */
function toCsv({ columns, rows }: SqlResult): string {
  const lines = [columns.map(({ name }) => csvText(name)), ...rows.map((row) => cellTexts(row).map(csvCell))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  if (text === 'null') return '';
  if (!text.startsWith('"')) return /[",]/.test(text) ? csvQuoted(text) : text;
  return csvText(String(JSON.parse(text)));
}

function csvText(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return safe === '' || /[",\r\n]/.test(safe) ? csvQuoted(safe) : safe;
}

function csvQuoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
