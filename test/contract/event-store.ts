/** What every backend of the event store does; `describeEventStore` is called by the tests beside each of them. */
import { afterAll, beforeAll, describe } from 'vitest';
import { describeAcceptedOrder } from './store-accepted-order.ts';
import { describeAccepted } from './store-accepted.ts';
import { describeAggregates } from './store-aggregates.ts';
import { describeDeadLetters } from './store-dead-letters.ts';
import { describeDurability } from './store-durability.ts';
import { describeLimits } from './store-limits.ts';
import { describeLists } from './store-lists.ts';
import { describePages } from './store-pages.ts';
import { describeScopes } from './store-scopes.ts';
import { describeStreams } from './store-streams.ts';
import { describeSqlAttacks } from './store-sql-attacks.ts';
import { describeSql } from './store-sql.ts';
import { storeSuite } from './store-suite.ts';
import type { StoreBackend } from './store-suite.ts';
import { describeTexts } from './store-texts.ts';
import { describeVersions } from './store-versions.ts';

export type { StoreBackend, StorePlace } from './store-suite.ts';

/** Declares the suite. */
export function describeEventStore(name: string, makeBackend: () => Promise<StoreBackend>): void {
  describe(`${name} keeps the contract of an event store`, () => {
    let made: StoreBackend | undefined;
    beforeAll(async () => {
      made = await makeBackend();
    });
    afterAll(async () => {
      await made?.dispose();
    });
    const suite = storeSuite(() => {
      if (made === undefined) throw new Error('the backend is there only inside tests');
      return made;
    });
    describeTexts(suite);
    describeScopes(suite);
    describeVersions(suite);
    describePages(suite);
    describeStreams(suite);
    describeAccepted(suite);
    describeAcceptedOrder(suite);
    describeLists(suite);
    describeAggregates(suite);
    describeSql(suite);
    describeSqlAttacks(suite);
    describeLimits(suite);
    describeDeadLetters(suite);
    describeDurability(suite);
  });
}
