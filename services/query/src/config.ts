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
  CADF_LIVE_CONNECTIONS: {
    type: 'integer',
    default: 5000,
    min: 1,
    max: 100_000,
    unit: 'connections',
    description: 'Readers of live events (`/cadf/v1/events/stream`) at a time; more are answered 503.',
    relation: 'below the connections of the process: 10,000, and its limit of open files',
  },
  CADF_LIVE_CONNECTIONS_OF_ONE: {
    type: 'integer',
    default: 1000,
    min: 1,
    max: 100_000,
    unit: 'connections',
    description: 'Readers of live events by one key or user.',
    relation: 'below CADF_LIVE_CONNECTIONS, so that one cannot shut out the others',
  },
  CADF_LIVE_HEARTBEAT: {
    type: 'duration',
    default: 15_000,
    min: 1000,
    max: 300_000,
    description: 'A reader of live events is told something at least so often, with the cursor of now.',
    relation: 'below the time after which proxies close idle connections, often 60s',
  },
  CADF_LIVE_STALL: {
    type: 'duration',
    default: 60_000,
    min: 1000,
    max: 3_600_000,
    description:
      'A reader of live events that does not take what is sent to it, 64 KiB or one event, for so long is disconnected; it goes on later from its cursor.',
  },
  CADF_HERMES_ORIGINS: {
    type: 'list',
    unit: 'origins',
    description:
      'Web origins whose pages may call the Hermes interface from a browser, such as `https://dashboard.example`; `*`: all. Unset: none.',
  },
});
