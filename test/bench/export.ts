/**
 * How fast events become files, from the request to the signed manifest, in the embedded shape and over HTTP.
 * `npm run bench -- export`; CADF_BENCH_EXPORT_EVENTS: how many events (default 1,000,000); CADF_BENCH_EXPORT_DATA: a folder
 * in which the filled store is kept for the next run; CADF_BENCH_EXPORT_FORMATS: which, such as `cadf-ndjson,parquet`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { cpuSeconds, sampleMemory } from './process-figures.ts';
import { prepareStore } from './query-store.ts';
import { printSection } from './report.ts';
import type { Figure } from './report.ts';

interface Done {
  readonly status: string;
  readonly failure?: { readonly detail: string };
  readonly started: string;
  readonly ended: string;
  readonly progress: { readonly events: number; readonly bytes: number };
}

const RUNS: readonly { readonly name: string; readonly asked: object }[] = [
  { name: 'cadf-ndjson, the first', asked: { format: 'cadf-ndjson' } },
  { name: 'cadf-ndjson', asked: { format: 'cadf-ndjson' } },
  { name: 'cadf-ndjson, zstd', asked: { format: 'cadf-ndjson', compression: 'zstd' } },
  { name: 'cadf-ndjson, gzip', asked: { format: 'cadf-ndjson', compression: 'gzip' } },
  { name: 'parquet', asked: { format: 'parquet' } },
  { name: 'csv', asked: { format: 'csv' } },
  { name: 'ocsf-json', asked: { format: 'ocsf-json' } },
];
const EVERY_MS = 100;

export async function benchExport(temporary: string): Promise<void> {
  const events = Number(process.env['CADF_BENCH_EXPORT_EVENTS'] ?? 1_000_000);
  const formats = process.env['CADF_BENCH_EXPORT_FORMATS']?.split(',');
  const dataDir = process.env['CADF_BENCH_EXPORT_DATA'] ?? join(temporary, 'export');
  mkdirSync(dataDir, { recursive: true });
  await prepareStore(dataDir, events);
  const service = await startService({ dataDir, env: { CADF_LOG_LEVEL: 'warn' } });
  const pid = service.process.pid ?? 0;
  const figures: Figure[] = [];
  try {
    /** Of the events as NDJSON: what all forms are measured against. */
    let eventBytes = 0;
    for (const { asked, name } of RUNS) {
      if (formats !== undefined && !formats.includes(name) && eventBytes > 0) continue;
      const stop = sampleMemory(pid);
      const cpu = cpuSeconds(pid);
      const done = await exported(service, asked);
      const seconds = (Date.parse(done.ended) - Date.parse(done.started)) / 1000;
      const used = cpuSeconds(pid) - cpu;
      if (eventBytes === 0) eventBytes = done.progress.bytes;
      figures.push(
        { question: `${name}: events read`, value: eventBytes / 1e6 / seconds, unit: 'MB of NDJSON/s' },
        { question: `${name}: events`, value: done.progress.events / seconds, unit: 'events/s' },
        { question: `${name}: written`, value: done.progress.bytes / 1e6, unit: 'MB' },
        { question: `${name}: CPU`, value: used, unit: `s in ${seconds.toFixed(1)} s` },
        { question: `${name}: resident at most`, value: Math.max(...stop()) / 1e6, unit: 'MB' },
      );
    }
  } finally {
    await service.stop();
  }
  printSection(
    'Exports',
    `${events.toLocaleString('en-US')} events in one process; from the start of the job to its signed manifest.`,
    figures,
  );
}

async function exported(service: TestService, asked: object): Promise<Done> {
  const made = await service.fetch('/cadf/v1/exports', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  const { id } = (await made.json()) as { id: string };
  for (;;) {
    await sleep(EVERY_MS);
    const done = (await (await service.fetch(`/cadf/v1/exports/${id}`)).json()) as Done;
    if (done.status === 'failed') throw new Error(done.failure?.detail);
    if (done.status !== 'done') continue;
    await service.fetch(`/cadf/v1/exports/${id}`, { method: 'DELETE' });
    return done;
  }
}
