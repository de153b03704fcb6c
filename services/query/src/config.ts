/** Settings of the query service. The bounds of single queries belong to the store. */
import { defineConfig } from '@cadf-pipeline/service-kit';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const querySettings = defineConfig({
  CADF_QUERY_ASYNC_RUNNING: {
    type: 'integer',
    default: 1,
    min: 1,
    max: 16,
    unit: 'queries',
    description: 'Asynchronous queries that run side by side; more wait in order.',
    relation: 'below the readers of the store: two when it is embedded',
  },
  CADF_QUERY_ASYNC_MAX_TIME: {
    type: 'duration',
    default: 15 * 60_000,
    min: 1000,
    max: 86_400_000,
    description: 'How long an asynchronous query may run.',
  },
  CADF_QUERY_ASYNC_MAX_BYTES: {
    type: 'bytes',
    default: 512 * MIB,
    min: MIB,
    description: 'Most bytes of one result of an asynchronous query on disk, compressed.',
  },
  CADF_QUERY_ASYNC_DISK: {
    type: 'bytes',
    default: 4 * GIB,
    min: MIB,
    description:
      'Most bytes of all results of asynchronous queries, under `queries` in CADF_DATA_DIR. Past it a query fails.',
  },
  CADF_QUERY_ASYNC_KEEP: {
    type: 'duration',
    default: 3_600_000,
    min: 1000,
    max: 7 * 86_400_000,
    description: 'How long the end of an asynchronous query and its result are kept.',
  },
  CADF_HERMES_ORIGINS: {
    type: 'list',
    unit: 'origins',
    description:
      'Web origins whose pages may call the Hermes interface from a browser, such as `https://dashboard.example`; `*`: all. Unset: none.',
  },
});
