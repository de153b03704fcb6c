import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChdbStoreOptions, EventStore } from '@cadf-pipeline/event-store';
import { Session } from 'chdb';
import { putMigratedStore } from '../support/migrated-store.ts';
import type { StoreBackend } from './store-suite.ts';

/** Places for a store of the engine in the process; `query` needs a store to be open there. */
export function chdbBackend(create: (options: ChdbStoreOptions) => EventStore): StoreBackend {
  return {
    kind: 'chdb',
    exclusive: true,
    place({ isEmpty = false } = {}) {
      const folder = mkdtempSync(join(tmpdir(), 'cadf-store-'));
      const path = join(folder, 'store');
      if (!isEmpty) putMigratedStore(path);
      return Promise.resolve({
        open: (limits) => create({ path, ...(limits === undefined ? {} : { limits }) }),
        child: { path },
        async query(sql) {
          const session = new Session(path);
          try {
            const result = await session.queryAsync(sql, { format: 'JSONEachRow' });
            const lines = result.text().split('\n').filter(Boolean);
            return lines.map((line): Record<string, unknown> => JSON.parse(line));
          } finally {
            session.close();
          }
        },
        dispose() {
          rmSync(folder, { recursive: true, force: true });
          return Promise.resolve();
        },
      });
    },
    dispose: () => Promise.resolve(),
  };
}
