export { createIngest } from './ingest.ts';
export { checkIngestSettings, ingestSettings } from './config.ts';
export { ingestErrors, itemFaults } from './errors.ts';
