/** The query service as a process of its own. */
import { exitOnStartupFault, runService } from '@cadf-pipeline/service-host';
import { querySettings } from './config.ts';
import { queryErrors } from './errors.ts';
import { createQuery } from './query.ts';

await exitOnStartupFault(
  runService(
    {
      name: 'query',
      settings: querySettings,
      check: () => [],
      needsSharedBackends: true,
      errors: [queryErrors],
      parts: (host) => Promise.resolve([createQuery(host)]),
    },
    process.env,
  ),
);
