export * from './interface.ts';
export { jsonRecord } from './json-record.ts';
export type { JsonRecord } from './json-record.ts';
export { createSharedWork } from './shared-work.ts';
