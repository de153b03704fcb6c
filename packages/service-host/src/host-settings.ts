/** The settings every process has, whatever it does. */
import { defineConfig } from '@cadf-pipeline/service-kit';

export const hostSettings = defineConfig({
  CADF_BOOTSTRAP_KEY: {
    type: 'secret',
    description:
      'The administrator key, 32 random characters or more. Unset: made at the first start and kept in `bootstrap-key` under CADF_DATA_DIR. Every process of a scaled deployment needs the same.',
  },
  CADF_LOG_LEVEL: {
    type: 'string',
    default: 'info',
    allowed: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    description: 'How much is logged, as JSON lines on standard output.',
  },
  CADF_TRUST_PROXY: {
    type: 'list',
    unit: 'addresses or subnets',
    description: 'Proxies whose X-Forwarded-For is believed. Unset: none.',
  },
  CADF_SHUTDOWN_DELAY: {
    type: 'duration',
    default: 0,
    max: 120_000,
    description:
      'How long a stopping process goes on answering after `/readyz` turned 503, so that balancers notice.',
  },
  CADF_SHUTDOWN_TIMEOUT: {
    type: 'duration',
    default: 30_000,
    min: 1000,
    description: 'Time for everything accepted to be written at shutdown; past it the process exits 1.',
    relation: 'above CADF_SHUTDOWN_DELAY, below the grace period of the orchestrator',
  },
});
