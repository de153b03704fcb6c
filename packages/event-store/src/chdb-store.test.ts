import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { describeEventStore } from '../../../test/contract/event-store.ts';
import { createChdbStore } from './chdb-store.ts';

describeEventStore('chDB', () =>
  Promise.resolve({
    kind: 'chdb',
    exclusive: true,
    place() {
      const path = mkdtempSync(join(tmpdir(), 'cadf-store-'));
      return Promise.resolve({
        open: (limits) => createChdbStore({ path, ...(limits === undefined ? {} : { limits }) }),
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
          rmSync(path, { recursive: true, force: true });
          return Promise.resolve();
        },
      });
    },
    dispose: () => Promise.resolve(),
  }),
);
