/** The export service as a process of its own. Health only, so far: subscriptions, exports and feeds have their place here. */
import { exitOnStartupFault, runService } from '@cadf-pipeline/service-host';

await exitOnStartupFault(
  runService(
    {
      name: 'export',
      settings: {},
      check: () => [],
      needsSharedBackends: true,
      errors: [],
      parts: () => Promise.resolve([]),
    },
    process.env,
  ),
);
