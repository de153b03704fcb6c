/** Settings of the query service: those of every service, so far. The bounds of queries belong to the store. */
import { defineConfig } from '@cadf-pipeline/service-kit';

export const querySettings = defineConfig({});
