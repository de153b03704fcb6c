/** What the engine answers of an analyst's statement: names, types, then a JSON array per row and line. */
import type { SqlResult } from './sql-query.ts';
import { StoreError } from '../errors.ts';
import { elementTexts } from '../row/json-member.ts';

/**
 * Keeps so many rows and bytes of rows. `answer` may hold one row more than asked for, by which a cut is known, and its
 * last line may be cut off.
 */
export function readResult(
  answer: Buffer,
  { maxBytes, maxRows }: { readonly maxRows: number; readonly maxBytes: number },
): SqlResult {
  // What stands behind the last line end is the beginning of a row that did not fit.
  const end = answer.lastIndexOf('\n') + 1;
  const [names, types, ...lines] = answer.toString('utf8', 0, end).split('\n').slice(0, -1);
  const columnTypes = textsOf(types);
  const columns = textsOf(names).map((name, index) => ({ name, type: columnTypes[index] ?? '' }));
  const rows: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (rows.length === maxRows) return { columns, rows, cut: 'rows' };
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes) return { columns, rows, cut: 'bytes' };
    rows.push(line);
  }
  return end === answer.length ? { columns, rows } : { columns, rows, cut: 'bytes' };
}

/** The values of a row, each as its JSON text. */
export function cellTexts(row: string): string[] {
  return elementTexts(row, { start: 0, end: row.length });
}

function textsOf(line: string | undefined): string[] {
  const texts: unknown = JSON.parse(line === undefined || line === '' ? '[]' : line);
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  throw new StoreError('STORE_FAILED', 'the engine answered something else than names of columns');
}
