import { describe, expect, it } from 'vitest';
import type { EventStore, Scope, SqlQuery, SqlResult } from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import { EVERYONE, record } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

const A: Scope = { tenants: ['tenant-a'] };

function ask(store: EventStore, scope: Scope, sql: string, more: Partial<SqlQuery> = {}): Promise<SqlResult> {
  return store.sql(scope, { sql, params: {}, maxRows: 1000, maxBytes: 1_000_000, ...more });
}

async function rows(
  store: EventStore,
  scope: Scope,
  sql: string,
  more?: Partial<SqlQuery>,
): Promise<unknown[]> {
  return (await ask(store, scope, sql, more)).rows.map((row): unknown => JSON.parse(row));
}

export function describeSql({ store: openStore }: StoreSuite): void {
  describe('SQL of analysts', () => {
    async function filled(limits?: Parameters<typeof openStore>[0]): Promise<EventStore> {
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

    it('reads the merged events of the scope, each once, and no others', async () => {
      const store = await filled();
      for (const [tenants, ids] of [
        ['*', ['a1', 'a2', 'ab', 'b1', 'done', 'moved', 'none']],
        [['tenant-a'], ['a1', 'a2', 'ab', 'done']],
        [['tenant-b'], ['ab', 'b1', 'moved']],
        [
          ['tenant-a', 'tenant-b'],
          ['a1', 'a2', 'ab', 'b1', 'done', 'moved'],
        ],
        [['tenant-x'], []],
        [[], []],
        [['*'], []],
        [Array.from({ length: 999 }, (_, n) => `tenant-${n}`).concat('tenant-b'), ['ab', 'b1', 'moved']],
      ] as const) {
        const found = await rows(store, { tenants }, 'SELECT id FROM events ORDER BY id');
        expect(found, JSON.stringify(tenants)).toEqual(ids.map((id) => [id]));
        expect(await rows(store, { tenants }, 'SELECT count() FROM events')).toEqual([[ids.length]]);
        const texts = await rows(store, { tenants }, 'SELECT event FROM events ORDER BY id');
        expect(texts.flat().map((text) => (JSON.parse(String(text)) as { id: string }).id)).toEqual(ids);
      }
    });

    it('names of an event only the tenants of the scope', async () => {
      const store = await filled();
      const sql = "SELECT tenants FROM events WHERE id = 'ab'";
      expect(await rows(store, A, sql)).toEqual([[['tenant-a']]]);
      expect(await rows(store, EVERYONE, sql)).toEqual([[['tenant-a', 'tenant-b']]]);
    });

    it('bounds what is read by time', async () => {
      const store = await filled();
      const at = Date.UTC(2026, 10, 1);
      expect(
        await rows(store, EVERYONE, 'SELECT id FROM events ORDER BY time', {
          fromMs: at + 1000,
          toMs: at + 3000,
        }),
      ).toEqual([['a2'], ['b1']]);
    });
  });
}
