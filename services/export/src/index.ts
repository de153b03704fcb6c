export { checkExportSettings, exportSettings } from './config.ts';
export { exportErrors } from './errors.ts';
export { createExport } from './export.ts';
