export * from './interface.ts';
export * from './errors.ts';
