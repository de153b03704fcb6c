/** Reads the output format of queries, `JSONCompactEachRow`: one JSON array per line. */
import { StoreError } from '../errors.ts';

export type Row = readonly unknown[];

export function parseRows(text: string): readonly Row[] {
  if (text === '') return [];
  return text.trimEnd().split('\n').map(parseRow);
}

export function parseRow(line: string): Row {
  const row: unknown = JSON.parse(line);
  if (!Array.isArray(row))
    throw new StoreError('STORE_FAILED', 'the engine answered something else than rows');
  return row;
}

/** The row of a query that has exactly one, whatever it finds. */
export function onlyRow(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1)
    throw new StoreError('STORE_FAILED', `the engine answered ${rows.length} rows in the place of one`);
  return row;
}

/** A row's value that the query makes a string. */
export function stringAt(row: Row, index: number): string {
  const value = row[index];
  if (typeof value !== 'string') throw wrongValue('string', value);
  return value;
}

/** A row's value that the query makes a number. */
export function numberAt(row: Row, index: number): number {
  const value = row[index];
  if (typeof value !== 'number') throw wrongValue('number', value);
  return value;
}

function wrongValue(expected: string, value: unknown): StoreError {
  return new StoreError('STORE_FAILED', `the engine answered ${typeof value} in the place of ${expected}`);
}
