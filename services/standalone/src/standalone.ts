/** All services in one process. */
import { controlErrors } from '@cadf-pipeline/control-state';
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
      settings: { ...ingestSettings, ...querySettings },
      check: checkIngestSettings,
      needsSharedBackends: false,
      errors: [controlErrors, ingestErrors, queryErrors],
      parts: async (host) => [await createIngest(host), createQuery(host)],
    },
    env,
  );
}
