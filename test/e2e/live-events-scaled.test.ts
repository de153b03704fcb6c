/** Live events in the scaled shape: given in order across partitions, by any query process, also when one is killed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickHouseSettings, startClickHouse } from '../support/clickhouse.ts';
import type { TestClickHouse } from '../support/clickhouse.ts';
import { startFlow } from '../support/flow.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import { readLive } from '../support/live-reader.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const kafka = await kafkaOrSkip();
afterAll(() => kafka?.stop());

describe.skipIf(kafka === undefined)('over Kafka and ClickHouse', { timeout: 180_000 }, () => {
  let clickHouse: TestClickHouse | undefined;
  const started: TestService[] = [];

  async function start(name: string): Promise<TestService> {
    if (kafka === undefined || clickHouse === undefined) throw new Error('nothing to start over');
    const service = await startService({
      entry: `services/${name}/src/main.ts`,
      env: {
        CADF_KAFKA_BROKERS: kafka.brokers.join(','),
        CADF_KAFKA_REPLICATION: '1',
        CADF_STREAM_PARTITIONS: '5',
        ...clickHouseSettings(clickHouse),
      },
    });
    started.push(service);
    return service;
  }

  beforeAll(async () => {
    if (kafka !== undefined) clickHouse = await startClickHouse();
  });
  afterAll(async () => {
    for (const service of started) {
      await service.kill();
      service.clean();
    }
    await clickHouse?.stop();
  });

  test('a cursor of a query process that was killed is good at another, and the order is that of the sender', async () => {
    const ingest = await start('ingest');
    const queries = await Promise.all([start('query'), start('query')]);
    const [first, second] = queries as [TestService, TestService];
    const path = '?tenant=scaled-live';
    const reader = await readLive(first, path);
    await reader.until(() => reader.lastId !== '');
    const flow = startFlow({
      services: () => [ingest],
      tenant: 'scaled-live',
      events: 3000,
      perBatch: 50,
      senders: 1,
      pauseMs: 10,
    });
    await until(() => Promise.resolve(flow.acknowledged() >= 1000), 60_000);
    await reader.until(() => reader.messages.length > 100);
    await first.kill();
    await reader.until(() => reader.closed);
    const rest = await readLive(second, path, { headers: { 'last-event-id': reader.lastId } });
    await flow.done;
    await until(
      () => Promise.resolve(reader.messages.length + rest.messages.length >= flow.sent.size),
      60_000,
      () => `${reader.messages.length} + ${rest.messages.length} of ${flow.sent.size}`,
    );
    expect([...reader.ids(), ...rest.ids()]).toEqual([...flow.sent]);
    rest.drop();
  });
});
