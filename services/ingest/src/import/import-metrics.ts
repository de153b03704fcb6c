import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ImportCounts } from './import-record.ts';

export interface ImportMetrics {
  taken(before: ImportCounts, after: ImportCounts): void;
  refused(code: string): void;
}

export function createImportMetrics(registry: Registry): ImportMetrics {
  const registers = [registry];
  const events = new Counter({
    name: 'cadf_import_events_total',
    help: 'Events that imports brought, by how they ended: accepted, duplicates, deadLettered, loops, ignored.',
    labelNames: ['outcome'],
    registers,
  });
  const refused = new Counter({
    name: 'cadf_import_refused_total',
    help: 'Segments and files that imports refused, by the code of the fault.',
    labelNames: ['code'],
    registers,
  });
  return {
    taken(before, after) {
      for (const outcome of ['accepted', 'duplicates', 'deadLettered', 'loops', 'ignored'] as const)
        events.inc({ outcome }, Math.max(0, after[outcome] - before[outcome]));
    },
    refused: (code) => refused.inc({ code }),
  };
}
