export { createQuery } from './query.ts';
export { querySettings } from './config.ts';
export { queryErrors } from './errors.ts';
