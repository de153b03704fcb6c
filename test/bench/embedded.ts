/** The embedded shape: how fast from the socket to queryable, how late, how large. */
import { rmSync } from 'node:fs';
import { createChdbStore } from '@cadf-pipeline/event-store';
import { join } from 'node:path';
import { startService } from '../support/service.ts';
import { countEvents, waitForCount } from './counting.ts';
import { runLoad } from './load-run.ts';
import { cpuSeconds, residentBytes, sampleMemory } from './process-figures.ts';
import { printSection } from './report.ts';

export interface BenchPlan {
  readonly events: number;
  readonly file: string;
  readonly pacedFile: string;
  readonly pacedEvents: number;
  readonly bytesPerEvent: number;
}

export async function benchEmbedded(plan: BenchPlan): Promise<void> {
  const service = await startService({ env: { CADF_LOG_LEVEL: 'warn' } });
  const pid = service.process.pid ?? 0;
  const load = { url: service.url, key: service.key, connections: 4 };
  const stopSampling = sampleMemory(pid);
  const cpuBefore = cpuSeconds(pid);
  const started = performance.now();
  const full = await runLoad({ ...load, file: plan.file, eventsPerSecond: 0 });
  await waitForCount(service, plan.events);
  const queryableSeconds = (performance.now() - started) / 1000;
  const cpu = cpuSeconds(pid) - cpuBefore;
  const memory = stopSampling();
  const perSecond = plan.events / queryableSeconds;
  const quarter = Math.max(1, Math.floor(memory.length / 4));

  const paced = await runLoad({ ...load, file: plan.pacedFile, eventsPerSecond: perSecond / 2 });
  await waitForCount(service, plan.events + plan.pacedEvents);
  const residentAfter = residentBytes(pid);
  const total = await countEvents(service);
  await service.stop();
  const store = createChdbStore({ path: join(service.dataDir, 'store') });
  await store.migrate();
  const { rows, bytes } = await store.stats();
  await store.close();
  rmSync(service.dataDir, { recursive: true, force: true });

  printSection(
    'Embedded: one process, LMDB stream, chDB store',
    `${plan.events} OpenStack CADF events of ${Math.round(plan.bytesPerEvent)} B (five random identifiers each), NDJSON batches of 500, 4 connections, generator on the same cores. Queryable: until /count shows all. CPU and memory: /proc of the service, all threads.`,
    [
      {
        question: 'events acknowledged (durable) per second',
        value: full.accepted / full.seconds,
        unit: 'events/s',
      },
      { question: 'events queryable per second', value: perSecond, unit: 'events/s' },
      {
        question: 'ack latency at full load, p50 / p99',
        value: `${full.p50Ms.toFixed(0)} / ${full.p99Ms.toFixed(0)}`,
        unit: 'ms',
      },
      {
        question: `ack latency at half that rate (${Math.round(perSecond / 2)}/s), p50 / p99 / max`,
        value: `${paced.p50Ms.toFixed(0)} / ${paced.p99Ms.toFixed(0)} / ${paced.maxMs.toFixed(0)}`,
        unit: 'ms',
      },
      { question: 'CPU of the service per 100k events', value: (cpu / plan.events) * 100_000, unit: 's' },
      {
        question: 'CPU of the generator per 100k events',
        value: (full.generatorCpuSeconds / plan.events) * 100_000,
        unit: 's',
      },
      { question: 'resident memory, highest', value: Math.max(...memory) / 1e6, unit: 'MB' },
      {
        question: 'resident memory, mean of 2nd and of last quarter',
        value: `${mean(memory.slice(quarter, 2 * quarter))} / ${mean(memory.slice(-quarter))}`,
        unit: 'MB',
      },
      { question: 'resident memory after the paced run', value: residentAfter / 1e6, unit: 'MB' },
      { question: 'stored per event, original included', value: bytes / Math.max(1, rows), unit: 'B' },
      {
        question: 'events counted at the end / sent',
        value: `${total} / ${plan.events + plan.pacedEvents}`,
        unit: '',
      },
      { question: 'answers by status', value: JSON.stringify(full.statuses), unit: '' },
    ],
  );
}

function mean(samples: readonly number[]): string {
  return (samples.reduce((sum, sample) => sum + sample, 0) / Math.max(1, samples.length) / 1e6).toFixed(0);
}
