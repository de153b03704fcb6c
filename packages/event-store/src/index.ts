export * from './interface.ts';
export * from './errors.ts';
export { createChdbStore } from './chdb-store.ts';
export type { ChdbStoreOptions } from './chdb-store.ts';
export { createThreadedChdbStore } from './threaded/threaded-chdb-store.ts';
export { createClickHouseStore } from './clickhouse-store.ts';
export type { ClickHouseStoreOptions } from './clickhouse-store.ts';
export { DEFAULT_QUERY_LIMITS } from './engine/query-limits.ts';
