/** What is counted of collecting from CIMI providers, by source: those are registered, so bounded. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

export interface CollectMetrics {
  polled(source: string, result: 'ok' | 'trouble' | 'failed'): void;
  failed(source: string, code: string): void;
  documents(source: string, count: number): void;
  openJobs(source: string, count: number): void;
  succeeded(source: string, atMs: number): void;
}

export function createCollectMetrics(registry: Registry): CollectMetrics {
  const registers = [registry];
  const polls = new Counter({
    name: 'cadf_cimi_polls_total',
    help: 'Polls of CIMI providers: ok, trouble (something could not be had), failed (nothing could).',
    labelNames: ['source', 'result'],
    registers,
  });
  const failures = new Counter({
    name: 'cadf_cimi_failures_total',
    help: 'What could not be had of CIMI providers, by code.',
    labelNames: ['source', 'code'],
    registers,
  });
  const documents = new Counter({
    name: 'cadf_cimi_documents_total',
    help: 'Documents of CIMI providers made durable as raw records.',
    labelNames: ['source'],
    registers,
  });
  const openJobs = new Gauge({
    name: 'cadf_cimi_open_jobs',
    help: 'Jobs of CIMI providers that are watched until they end.',
    labelNames: ['source'],
    registers,
  });
  const success = new Gauge({
    name: 'cadf_cimi_last_success_timestamp_seconds',
    help: 'When a poll last had everything, seconds since 1970 UTC.',
    labelNames: ['source'],
    registers,
  });
  return {
    polled: (source, result) => polls.inc({ source, result }),
    failed: (source, code) => failures.inc({ source, code }),
    documents: (source, count) => documents.inc({ source }, count),
    openJobs: (source, count) => openJobs.set({ source }, count),
    succeeded: (source, atMs) => success.set({ source }, atMs / 1000),
  };
}
