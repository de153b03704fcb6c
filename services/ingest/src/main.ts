/** The ingest service as a process of its own. */
import { controlErrors } from '@cadf-pipeline/control-state';
import { exitOnStartupFault, runService } from '@cadf-pipeline/service-host';
import { checkIngestSettings, ingestSettings } from './config.ts';
import { ingestErrors } from './errors.ts';
import { createIngest } from './ingest.ts';

await exitOnStartupFault(
  runService(
    {
      name: 'ingest',
      settings: ingestSettings,
      check: checkIngestSettings,
      needsSharedBackends: true,
      errors: [controlErrors, ingestErrors],
      parts: async (host) => [await createIngest(host)],
    },
    process.env,
  ),
);
