/** What is measured of exports. They are those that this process has. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ExportRecord } from './export-record.ts';
import type { ExportStatus } from './export-view.ts';

export interface ExportMetrics {
  readonly ended: (record: ExportRecord) => void;
}

const STATES: readonly ExportStatus[] = ['queued', 'running', 'done', 'failed', 'cancelled'];

/** `census`: how many there are of each state. */
export function createExportMetrics(
  registry: Registry,
  census: () => ReadonlyMap<ExportStatus, number>,
): ExportMetrics {
  const registers = [registry];
  const ended = new Counter({
    name: 'cadf_exports_ended_total',
    help: 'Exports that ended in this process, by state: done, failed, cancelled.',
    labelNames: ['state'],
    registers,
  });
  const events = new Counter({
    name: 'cadf_exported_events_total',
    help: 'Events of exports that are done.',
    registers,
  });
  const bytes = new Counter({
    name: 'cadf_exported_bytes_total',
    help: 'Bytes of the files of exports that are done.',
    registers,
  });
  // Computed when it is read, and registered by being made.
  new Gauge({
    name: 'cadf_exports',
    help: 'Exports that this process has, by state: queued, running, done, failed, cancelled.',
    labelNames: ['state'],
    registers,
    collect() {
      const found = census();
      for (const state of STATES) this.set({ state }, found.get(state) ?? 0);
    },
  });
  return {
    ended(record) {
      ended.inc({ state: record.state });
      if (record.state !== 'done') return;
      events.inc(record.events);
      bytes.inc(record.bytes);
    },
  };
}
