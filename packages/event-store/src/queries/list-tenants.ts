import type { Engine } from '../engine/engine.ts';
import { stringAt } from '../engine/rows.ts';
import type { Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { SEPARATOR } from '../row/references.ts';
import { escapeItem, readTagList } from '../row/text-lists.ts';
import { addScope, createConditions } from './event-conditions.ts';

const MAX_LIMIT = 100_000;

/** The tenants that events name. What one event is routed to is asked once per different set, not per event. */
export async function listTenants(
  engine: Engine,
  scope: Scope,
  limit: number,
  signal?: AbortSignal,
): Promise<string[]> {
  requireWithin('limit', limit, MAX_LIMIT);
  const conditions = createConditions();
  if (!addScope(conditions, scope, undefined)) return [];
  const { tenants } = scope;
  // An event within the scope may be of others, too.
  const isSeen = tenants === '*' ? '' : 'HAVING has({store_seen: Array(String)}, store_item)';
  const rows = await engine.rows(
    {
      sql: `SELECT arrayJoin(splitByChar(char(31), store_set)) AS store_item
        FROM (SELECT DISTINCT toString(tenant_set) AS store_set FROM events WHERE ${conditions.sql()})
        GROUP BY store_item
        ${isSeen}
        ORDER BY store_item
        LIMIT {store_limit: UInt32}`,
      params: {
        ...conditions.params,
        store_limit: limit + 1,
        ...(tenants === '*' ? {} : { store_seen: tenants.map(escapeItem) }),
      },
    },
    signal,
  );
  return rows
    .map((row) => stringAt(row, 0))
    .filter((item) => item !== '')
    .flatMap((item) => readTagList(item + SEPARATOR))
    .slice(0, limit);
}
