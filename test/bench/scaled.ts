/** The Kafka shape: what the ingest process costs from HTTP to acks=all. */
import { clickHouseSettings, startClickHouse } from '../support/clickhouse.ts';
import { startKafka } from '../support/kafka.ts';
import { startService } from '../support/service.ts';
import type { BenchPlan } from './embedded.ts';
import { runLoad } from './load-run.ts';
import { cpuSeconds, residentBytes } from './process-figures.ts';
import { printSection } from './report.ts';

export async function benchScaled(plan: BenchPlan, client: string): Promise<void> {
  const kafka = await startKafka();
  const clickhouse = await startClickHouse();
  const service = await startService({
    entry: 'services/ingest/src/main.ts',
    env: {
      CADF_INGEST_ROLES: 'http',
      CADF_KAFKA_BROKERS: kafka.brokers.join(','),
      CADF_KAFKA_CLIENT: client,
      ...clickHouseSettings(clickhouse),
    },
  });
  const pid = service.process.pid ?? 0;
  const load = { url: service.url, key: service.key, connections: 4, eventsPerSecond: 0 };
  const warm = await runLoad({ ...load, file: plan.pacedFile });
  const before = cpuSeconds(pid);
  const full = await runLoad({ ...load, file: plan.file });
  const cpu = cpuSeconds(pid) - before;
  const resident = residentBytes(pid);
  await service.stop();
  await clickhouse.stop();
  await kafka.stop();
  printSection(
    `Kafka (${client}): the ingest process, HTTP → validated, classified → acks=all, zstd`,
    `The same events after a warm-up of ${warm.accepted}. One broker (Apache Kafka, KRaft) and the generator on the same cores; CPU: /proc of the ingest process alone, all threads.`,
    [
      {
        question: 'events per CPU-second of the ingest process',
        value: full.accepted / cpu,
        unit: 'events/CPU-s',
      },
      {
        question: 'events acknowledged per second (wall, broker and generator included)',
        value: full.accepted / full.seconds,
        unit: 'events/s',
      },
      {
        question: 'ack latency p50 / p99',
        value: `${full.p50Ms.toFixed(0)} / ${full.p99Ms.toFixed(0)}`,
        unit: 'ms',
      },
      { question: 'resident memory', value: resident / 1e6, unit: 'MB' },
      { question: 'answers by status', value: JSON.stringify(full.statuses), unit: '' },
    ],
  );
}
