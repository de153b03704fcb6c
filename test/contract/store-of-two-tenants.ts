/** A store of two tenants' events, and statements of analysts asked of it. */
import type { EventStore, Scope, SqlQuery, SqlResult } from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import { record } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

/** Who may see four of them. */
export const A: Scope = { tenants: ['tenant-a'] };

export function ask(
  store: EventStore,
  scope: Scope,
  sql: string,
  more: Partial<SqlQuery> = {},
): Promise<SqlResult> {
  return store.sql(scope, { sql, params: {}, maxRows: 1000, maxBytes: 1_000_000, ...more });
}

export async function rows(
  store: EventStore,
  scope: Scope,
  sql: string,
  more?: Partial<SqlQuery>,
): Promise<unknown[]> {
  return (await ask(store, scope, sql, more)).rows.map((row): unknown => JSON.parse(row));
}

export async function twoTenants(
  openStore: StoreSuite['store'],
  limits?: Parameters<typeof openStore>[0],
): Promise<EventStore> {
  const store = await openStore(limits);
  const routed: readonly (readonly [string, readonly string[], string])[] = [
    ['a1', ['tenant-a'], 'success'],
    ['a2', ['tenant-a'], 'failure'],
    ['b1', ['tenant-b'], 'success'],
    ['ab', ['tenant-a', 'tenant-b'], 'failure'],
    ['none', [], 'success'],
    ['moved', ['tenant-a'], 'pending'],
    ['moved', ['tenant-b'], 'success'],
    ['done', ['tenant-a'], 'pending'],
    ['done', ['tenant-a'], 'success'],
  ];
  await store.insert(
    routed.map(([id, tenants, outcome], offset) =>
      record(
        offset,
        testEvent({ id, outcome, eventTime: `2026-11-01T00:00:0${offset}.000Z`, name: `secret-${id}` }),
        { tenants },
      ),
    ),
  );
  return store;
}
