export * from './interface.ts';
export * from './errors.ts';
export * from './event-record.ts';
export * from './dead-letter-record.ts';
