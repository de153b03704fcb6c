import { randomBytes } from 'node:crypto';
import { createClient } from '@clickhouse/client';
import { describeEventStore } from '../../../test/contract/event-store.ts';
import { startClickHouse } from '../../../test/support/clickhouse.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

describeEventStore('ClickHouse', async () => {
  const running = await startClickHouse();
  const { url, user, password } = running;
  return {
    kind: 'clickhouse',
    exclusive: false,
    place() {
      const server = { url, user, password, database: `test_${randomBytes(6).toString('hex')}` };
      const client = createClient({ url, username: user, password, database: server.database });
      return Promise.resolve({
        open: (limits) => createClickHouseStore({ ...server, ...(limits === undefined ? {} : { limits }) }),
        child: { server },
        async query(sql) {
          if (!sql.startsWith('SELECT')) {
            await client.command({ query: sql });
            return [];
          }
          const result = await client.query({ query: sql, format: 'JSONEachRow' });
          return result.json<Record<string, unknown>>();
        },
        async dispose() {
          await client.command({ query: `DROP DATABASE IF EXISTS ${server.database}` });
          await client.close();
        },
      });
    },
    dispose: () => running.stop(),
  };
});
