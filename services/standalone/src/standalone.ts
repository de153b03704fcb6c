/** All services in one process. */
import { controlErrors } from '@cadf-pipeline/control-state';
import { checkExportSettings, createExport, exportErrors, exportSettings } from '@cadf-pipeline/export';
import { ingestErrors, checkIngestSettings, createIngest, ingestSettings } from '@cadf-pipeline/ingest';
import { createQuery, queryErrors, querySettings } from '@cadf-pipeline/query';
import { runService } from '@cadf-pipeline/service-host';
import type { RunningService } from '@cadf-pipeline/service-host';
import type { Environment } from '@cadf-pipeline/service-kit';

/** Starts everything with the settings of `env`; embedded where they name neither Kafka nor ClickHouse. */
export function runStandalone(env: Environment): Promise<RunningService> {
  return runService(
    {
      name: 'cadf-pipeline',
      settings: { ...ingestSettings, ...querySettings, ...exportSettings },
      check: (config) => [...checkIngestSettings(config), ...checkExportSettings(config)],
      needsSharedBackends: false,
      errors: [controlErrors, ingestErrors, queryErrors, exportErrors],
      parts: async (host) => [await createIngest(host), createQuery(host), createExport(host)],
    },
    env,
  );
}
