/** Settings of the query service beside those of every service. The bounds of queries belong to the store. */
import { defineConfig } from '@cadf-pipeline/service-kit';

export const querySettings = defineConfig({
  CADF_HERMES_ORIGINS: {
    type: 'list',
    unit: 'origins',
    description:
      'Web origins whose pages may call the Hermes interface from a browser, such as `https://dashboard.example`; `*`: all. Unset: none.',
  },
});
