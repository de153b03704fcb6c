import type { Engine } from '../engine/engine.ts';
import { numberAt, stringAt } from '../engine/rows.ts';
import type { SeverityCounts } from '../event-counts.ts';
import type { Scope } from '../interface.ts';
import { readTenantSet } from '../row/text-lists.ts';
import { addScope, addTenants, createConditions } from './event-conditions.ts';
import { NOT_SUPERSEDED } from './merged.ts';

const LEVELS = ['low', 'medium', 'high', 'critical'] as const;
const NONE: SeverityCounts = { low: 0, medium: 0, high: 0, critical: 0 };
const MAX_NAMES = 1000;

/**
 * One look at the table for all of them. A source's events are counted as far as the scope sees them; a tenant's only
 * where the tenant is in the scope.
 */
export async function countSeverities(
  engine: Engine,
  scope: Scope,
  group: { readonly by: 'source' | 'tenant'; readonly of: readonly string[] },
  signal?: AbortSignal,
): Promise<Map<string, SeverityCounts>> {
  if (group.of.length > MAX_NAMES)
    throw new RangeError(`at most ${MAX_NAMES} can be asked for at once, not ${group.of.length}`);
  const counts = new Map(group.of.map((name) => [name, NONE]));
  const conditions = createConditions();
  const isSource = group.by === 'source';
  const asked = isSource ? group.of : group.of.filter((tenant) => reaches(scope, tenant));
  if (asked.length === 0 || !addScope(conditions, scope, undefined)) return counts;
  if (isSource) conditions.add('has({store_of: Array(String)}, source)', { store_of: asked });
  else addTenants(conditions, asked, 'store_of');
  // Most events have no severity: what is asked first leaves little to look up.
  const rows = await engine.rows(
    {
      sql: `SELECT ${isSource ? 'source' : 'tenant_set'} AS store_group, ${LEVELS.map(
        (level) => `countIf(lower(severity) = '${level}')`,
      ).join(', ')}
        FROM events
        PREWHERE severity != '' AND lower(severity) IN (${LEVELS.map((level) => `'${level}'`).join(', ')})
        WHERE ${conditions.sql()} AND ${NOT_SUPERSEDED}
        GROUP BY store_group`,
      params: conditions.params,
    },
    signal,
  );
  const known = new Set(asked);
  for (const row of rows) {
    const text = stringAt(row, 0);
    for (const name of isSource ? [text] : new Set(readTenantSet(text))) {
      const before = counts.get(name);
      if (before === undefined || !known.has(name)) continue;
      counts.set(name, {
        low: before.low + numberAt(row, 1),
        medium: before.medium + numberAt(row, 2),
        high: before.high + numberAt(row, 3),
        critical: before.critical + numberAt(row, 4),
      });
    }
  }
  return counts;
}

function reaches({ tenants }: Scope, tenant: string): boolean {
  return tenants === '*' || tenants.includes(tenant);
}
