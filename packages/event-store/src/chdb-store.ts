import { openChdbEngine } from './engine/chdb-engine.ts';
import type { EngineSharer } from './engine/engine-sharer.ts';
import { DEFAULT_QUERY_LIMITS } from './engine/query-limits.ts';
import { createEventStore } from './event-store.ts';
import type { EventStore, QueryLimits } from './interface.ts';

export interface ChdbStoreOptions {
  /** Directory of the data; made when absent. One process at a time. */
  readonly path: string;
  /** Bounds of each reading query. Default `DEFAULT_QUERY_LIMITS`. */
  readonly limits?: Partial<QueryLimits>;
  /** Queries side by side; more wait. UV_THREADPOOL_SIZE should be at least 4 above. Default 2. */
  readonly readers?: number;
  /** Bytes the engine may hold in all, inserts and merges included. Default 1 GiB. */
  readonly maxEngineMemoryBytes?: number;
}

/** The event store in this process. Throws StoreError STORE_UNAVAILABLE when the directory cannot be opened. */
export function createChdbStore(options: ChdbStoreOptions, sharer?: EngineSharer): EventStore {
  return createEventStore(
    openChdbEngine({
      ...(sharer !== undefined && { sharer }),
      path: options.path,
      limits: { ...DEFAULT_QUERY_LIMITS, ...options.limits },
      readers: options.readers ?? 2,
      maxEngineMemoryBytes: options.maxEngineMemoryBytes ?? 1024 * 1024 * 1024,
    }),
  );
}
