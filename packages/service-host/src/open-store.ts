import { join } from 'node:path';
import { createThreadedChdbStore, createClickHouseStore } from '@cadf-pipeline/event-store';
import type { EventStore, QueryLimits } from '@cadf-pipeline/event-store';
import type { BackendConfig } from './backend-settings.ts';

/** Opens the store that the settings name: ClickHouse by URL, else the engine in the process under the data directory. */
export function openStore(config: BackendConfig): EventStore {
  const limits: QueryLimits = {
    maxRowsRead: config.CADF_QUERY_MAX_ROWS,
    maxBytesRead: config.CADF_QUERY_MAX_BYTES,
    maxSeconds: config.CADF_QUERY_MAX_SECONDS,
    maxMemoryBytes: config.CADF_QUERY_MAX_MEMORY,
  };
  const url = config.CADF_CLICKHOUSE_URL;
  if (url === undefined)
    return createThreadedChdbStore({ path: join(config.CADF_DATA_DIR, 'store'), limits });
  return createClickHouseStore({
    url,
    user: config.CADF_CLICKHOUSE_USER,
    password: config.CADF_CLICKHOUSE_PASSWORD?.reveal() ?? '',
    database: config.CADF_CLICKHOUSE_DATABASE,
    limits,
    ...(config.CADF_CLICKHOUSE_ANALYST_USER === undefined
      ? {}
      : {
          analyst: {
            user: config.CADF_CLICKHOUSE_ANALYST_USER,
            password: config.CADF_CLICKHOUSE_ANALYST_PASSWORD?.reveal() ?? '',
          },
        }),
  });
}
