import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { Scope } from '../interface.ts';
import { addScope, createConditions } from './event-conditions.ts';
import { TEXT_SELECT, TEXT_SELECT_WIDTH } from './stored-text.ts';
import type { ReadStoredRows, StoredRow } from './stored-text.ts';

/** More versions of one id than this are not answered. */
const MAX_VERSIONS = 10_000;

/** The versions of an event by id, oldest first; of each source. With `merged`, only the row that is the merged event. */
export async function getEvent(
  engine: Engine,
  readRows: ReadStoredRows,
  scope: Scope,
  id: string,
  options: { readonly source?: string; readonly versions: 'merged' | 'all' },
  signal?: AbortSignal,
): Promise<StoredRow[]> {
  const seen = createConditions();
  if (!addScope(seen, scope, undefined)) return [];
  const conditions = createConditions();
  conditions.add('id = {store_id: String}', { store_id: id });
  if (options.source !== undefined)
    conditions.add('source = {store_source: String}', { store_source: options.source });
  const merged = options.versions === 'merged';
  // The merged event is the last row that ever took the place; whether it may be seen is asked of that row alone.
  if (merged) conditions.add('hidden = 0');
  const order = merged ? 'DESC' : 'ASC';
  const rows = await engine.rows(
    {
      sql: `SELECT ${TEXT_SELECT}, ${seen.sql()} AS store_seen FROM events WHERE ${conditions.sql()}
        ORDER BY partition ${order}, offset ${order}
        ${merged ? 'LIMIT 1 BY source' : ''}
        LIMIT ${MAX_VERSIONS}`,
      params: { ...conditions.params, ...seen.params },
    },
    signal,
  );
  return readRows(
    rows.filter((row) => numberAt(row, TEXT_SELECT_WIDTH) === 1),
    signal,
  );
}
