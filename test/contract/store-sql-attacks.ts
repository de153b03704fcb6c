import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SqlFault } from '@cadf-pipeline/event-store';
import { testEvent } from '../support/events.ts';
import { HARMLESS, PIECES, REFUSED, SEEDS } from './sql-attacks.ts';
import { A, ask, rows, twoTenants } from './store-of-two-tenants.ts';
import { EVERYONE, record } from './store-suite.ts';
import type { StoreSuite } from './store-suite.ts';

/** What is not tenant-a's, of files, and of how the store keeps things. */
const SECRETS =
  /secret-(b1|none|moved)|tenant-b|root:x:|tenant_set|query_cache_tag|analyst_event|cadf_service/;

export function describeSqlAttacks({ store: openStore }: StoreSuite): void {
  describe('SQL of analysts, hostile', () => {
    it('refuses whatever is no single SELECT of the events', async () => {
      const store = await twoTenants(openStore);
      for (const sql of REFUSED) {
        const error: unknown = await ask(store, A, sql).catch((fault: unknown) => fault);
        expect(error, sql).toMatchObject({
          name: 'SqlFault',
          kind: expect.stringMatching(/^(invalid|refused)$/) as string,
        });
        // By the reader of statements: the engine never saw it.
        expect((error as SqlFault).cause, sql).toBeUndefined();
      }
      expect(await rows(store, A, 'SELECT count() FROM events')).toEqual([[4]]);
      expect(existsSync('/tmp/cadf-attack.txt')).toBe(false);
    });

    it('tells nothing of other events whatever is computed, and goes on working', async () => {
      const store = await twoTenants(openStore, { maxSeconds: 5, maxMemoryBytes: 200_000_000 });
      for (const sql of HARMLESS) {
        const told = await ask(store, A, sql, { maxRows: 100 }).then(
          (result) => JSON.stringify(result),
          (error: unknown) => {
            expect(error, sql).toMatchObject({
              name: expect.stringMatching(/^(SqlFault|StoreError)$/) as string,
            });
            return String(error);
          },
        );
        expect(told, sql).not.toMatch(SECRETS);
        expect(await rows(store, A, 'SELECT count() FROM events'), sql).toEqual([[4]]);
      }
      expect(await store.count(EVERYONE, {})).toBe(7);
      await store.insert([record(9, testEvent({ id: 'later' }), { tenants: ['tenant-a'] })]);
      expect(await rows(store, A, 'SELECT count() FROM events')).toEqual([[5]]);
    }, 120_000);

    it('tells nothing of other events when good statements are changed by dangerous pieces', async () => {
      const store = await twoTenants(openStore, { maxSeconds: 5, maxMemoryBytes: 200_000_000 });
      let ran = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...SEEDS),
          // Sometimes no change: few changed statements run, and some of what is asked has to.
          fc.array(fc.tuple(fc.nat(1000), fc.nat(2), fc.constantFrom(...PIECES)), { maxLength: 2 }),
          async (seed, changes) => {
            const words = seed.split(' ');
            for (const [at, deleted, text] of changes) words.splice(at % (words.length + 1), deleted, text);
            const sql = words.join(' ');
            const told = await ask(store, A, sql, { params: sql.includes('{ p :') ? { p: [] } : {} }).then(
              (result) => {
                ran += 1;
                return JSON.stringify(result.rows);
              },
              (error: unknown) => String(error),
            );
            // A word of the statement may come back in what is said of it.
            const others = told.replaceAll(/query_cache_tag|analyst_events/g, '');
            expect(others, sql).not.toMatch(SECRETS);
          },
        ),
        { numRuns: 300 },
      );
      expect(ran).toBeGreaterThan(0);
      expect(await rows(store, A, 'SELECT count() FROM events')).toEqual([[4]]);
    }, 120_000);
  });
}
