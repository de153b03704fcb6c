import { openClickHouseEngine } from './engine/clickhouse-engine.ts';
import { DEFAULT_QUERY_LIMITS } from './engine/query-limits.ts';
import { createEventStore } from './event-store.ts';
import type { EventStore, QueryLimits } from './interface.ts';

export interface ClickHouseStoreOptions {
  /** Such as `https://clickhouse.example.com:8443`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Made when absent. Letters, digits and `_`. */
  readonly database: string;
  /**
   * The user of analysts' statements, which has the rights of deploy/clickhouse/analyst-user.sql and no others. Without
   * it `sql` is off.
   */
  readonly analyst?: { readonly user: string; readonly password: string };
  /** Bounds of each reading query. Default `DEFAULT_QUERY_LIMITS`. */
  readonly limits?: Partial<QueryLimits>;
  /** Connections to the server at most. Default 10. */
  readonly maxConnections?: number;
}

/** The event store on a ClickHouse server. It is not contacted before the first call. */
export function createClickHouseStore(options: ClickHouseStoreOptions): EventStore {
  if (!/^\w{1,64}$/.test(options.database))
    throw new RangeError(`database name: letters, digits and _, not ${JSON.stringify(options.database)}`);
  return createEventStore(
    openClickHouseEngine({
      ...options,
      limits: { ...DEFAULT_QUERY_LIMITS, ...options.limits },
      maxConnections: options.maxConnections ?? 10,
    }),
  );
}
