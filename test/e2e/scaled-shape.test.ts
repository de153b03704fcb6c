/** The scaled shape as deploy/compose.yaml runs it, on a real Kafka and the ClickHouse engine: its commands, its settings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickHouseSettings, startClickHouse } from '../support/clickhouse.ts';
import type { TestClickHouse } from '../support/clickhouse.ts';
import { readCompose } from '../support/compose.ts';
import { ndjson, testEvent } from '../support/events.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import { startService, TEST_KEY, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const compose = readCompose({ CADF_BOOTSTRAP_KEY: TEST_KEY, CADF_CLICKHOUSE_PASSWORD: 'unused' });
const kafka = await kafkaOrSkip();

/** The volumes of the containers are directories here. */
const volumes = mkdtempSync(join(tmpdir(), 'scaled-shape-'));
afterAll(() => rmSync(volumes, { recursive: true, force: true }));

function volumesOf(environment: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(environment).filter(([name]) => /^CADF_(EXPORT|IMPORT)_DIR$/.test(name));
  return Object.fromEntries(named.map(([name, path]) => [name, join(volumes, path)]));
}

describe.skipIf(kafka === undefined)('the services of compose.yaml', () => {
  let clickhouse: TestClickHouse;
  const running: TestService[] = [];

  function start(name: string): Promise<TestService> {
    const { command = [], environment } = compose.services[name]!;
    return startService({
      entry: command[1]!,
      env: {
        ...environment,
        ...volumesOf(environment),
        // Where this differs from the containers, also: addresses.
        CADF_KAFKA_BROKERS: kafka!.brokers.join(','),
        ...clickHouseSettings(clickhouse),
        CADF_HTTP_HOST: '127.0.0.1',
        CADF_HTTP_PORT: '0',
      },
    });
  }

  async function submit(service: TestService, count: number): Promise<readonly string[]> {
    const events = Array.from({ length: count }, () => testEvent());
    const response = await service.fetch('/cadf/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: ndjson(events),
    });
    expect(await response.json()).toMatchObject({ accepted: count, duplicates: 0, rejected: 0 });
    return events.map(({ id }) => id);
  }

  async function shown(service: TestService): Promise<readonly string[]> {
    const response = await service.fetch('/cadf/v1/events?limit=1000');
    const { events } = (await response.json()) as { events: readonly { id: string }[] };
    return events.map(({ id }) => id).toSorted((one, other) => one.localeCompare(other));
  }

  beforeAll(async () => {
    clickhouse = await startClickHouse();
    // One first: it makes the topics and tables. The others at once.
    running.push(await start('ingest'));
    running.push(...(await Promise.all([start('ingest'), start('query'), start('export')])));
  });
  afterAll(async () => {
    await Promise.all(running.map((service) => service.kill()));
    for (const service of running) service.clean();
    await clickhouse.stop();
    await kafka!.stop();
  });

  test('what any ingest takes, query shows once; when one stops, another goes on with its partitions', async () => {
    const [first, second, query] = running as [TestService, TestService, TestService];
    const taken = [...(await submit(first, 60)), ...(await submit(second, 60))];
    await until(async () => (await shown(query)).length >= taken.length);
    expect(await first.stop()).toBe(0);
    taken.push(...(await submit(second, 60)));
    await until(async () => (await shown(query)).length >= taken.length);
    expect(await shown(query)).toEqual(taken.toSorted((one, other) => one.localeCompare(other)));
  });
});
