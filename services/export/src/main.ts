/** The export service as a process of its own. */
import { controlErrors } from '@cadf-pipeline/control-state';
import { exitOnStartupFault, runService } from '@cadf-pipeline/service-host';
import { checkExportSettings, exportSettings } from './config.ts';
import { exportErrors } from './errors.ts';
import { createExport } from './export.ts';

await exitOnStartupFault(
  runService(
    {
      name: 'export',
      settings: exportSettings,
      check: checkExportSettings,
      needsSharedBackends: true,
      errors: [controlErrors, exportErrors],
      parts: (host) => Promise.resolve([createExport(host)]),
    },
    process.env,
  ),
);
