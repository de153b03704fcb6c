/** The result of an analyst's statement in the forms it is answered in. Values keep the digits the engine gave them. */
import { cellTexts } from '@cadf-pipeline/event-store';
import { neutralCell, quotedCell } from '@cadf-pipeline/event-formats';
import type { SqlResult } from '@cadf-pipeline/event-store';

export type SqlForm = 'json' | 'ndjson' | 'csv';

export const SQL_MEDIA_TYPES: Readonly<Record<SqlForm, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
};

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

/** With a head. Arrays and the like are JSON; NULL is empty, empty text is in quotation marks. */
function toCsv({ columns, rows }: SqlResult): string {
  const lines = [columns.map(({ name }) => csvText(name)), ...rows.map((row) => cellTexts(row).map(csvCell))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  if (text === 'null') return '';
  return text.startsWith('"') ? csvText(String(JSON.parse(text))) : quotedCell(text);
}

function csvText(value: string): string {
  return value === '' ? '""' : quotedCell(neutralCell(value));
}
