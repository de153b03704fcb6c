import { createClient } from '@clickhouse/client';
import { describeEventStore } from '../../../test/contract/event-store.ts';
import { startClickHouse } from '../../../test/support/clickhouse.ts';
import { createClickHouseStore } from './clickhouse-store.ts';

describeEventStore('ClickHouse', async () => {
  const running = await startClickHouse();
  const { analyst, password, url, user } = running;
  return {
    kind: 'clickhouse',
    exclusive: false,
    async place() {
      const server = { url, user, password, database: await running.freshDatabase() };
      const client = createClient({ url, username: user, password, database: server.database });
      return {
        open: (limits) =>
          createClickHouseStore({ ...server, analyst, ...(limits === undefined ? {} : { limits }) }),
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
      };
    },
    dispose: () => running.stop(),
  };
});
