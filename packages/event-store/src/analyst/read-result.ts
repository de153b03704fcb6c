/** What the engine answers of an analyst's statement: names, types, then a JSON array per row and line. */
import type { SqlResult } from '../interface.ts';
import { StoreError } from '../errors.ts';

/** Keeps so many rows and bytes of rows. `text` may hold one row more than asked for, by which a cut is known. */
export function readResult(text: string, maxRows: number, maxBytes: number): SqlResult {
  const [names, types, ...lines] = text.split('\n');
  const columnTypes = textsOf(types);
  const columns = textsOf(names).map((name, index) => ({ name, type: columnTypes[index] ?? '' }));
  const rows: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (line === '') continue;
    if (rows.length === maxRows) return { columns, rows, cut: 'rows' };
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes) return { columns, rows, cut: 'bytes' };
    rows.push(line);
  }
  return { columns, rows };
}

function textsOf(line: string | undefined): string[] {
  const texts: unknown = JSON.parse(line === undefined || line === '' ? '[]' : line);
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  throw new StoreError('STORE_FAILED', 'the engine answered something else than names of columns');
}
