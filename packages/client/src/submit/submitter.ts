/** Submits events in batches: from memory with their outcomes, or by way of a spool that outlives the process. */
import type { Requester } from '../http/requester.ts';
import { createMemorySubmitter } from './memory-submitter.ts';
import { openSpool } from './spool.ts';
import { createSpoolSubmitter } from './spool-submitter.ts';
import type { Submitter, SubmitterOptions, SubmitterSettings } from './submitter-contract.ts';

/** Throws RangeError for bounds that cannot be, ClientError CLIENT_SPOOL_FAILED where the spool cannot be opened. */
export function createSubmitter(requester: Requester, options: SubmitterOptions): Submitter {
  const { batch = {}, source, profile, spool } = options;
  const settings: SubmitterSettings = {
    source,
    profile,
    maxEvents: within('batch.maxEvents', batch.maxEvents ?? 500, 1, 10_000),
    maxBytes: within('batch.maxBytes', batch.maxBytes ?? 4 * 1024 ** 2, 1024, 64 * 1024 ** 2),
    maxWaitMs: within('batch.maxWaitMs', batch.maxWaitMs ?? 200, 0, 3_600_000),
    maxPendingBytes: within('maxPendingBytes', options.maxPendingBytes ?? 32 * 1024 ** 2, 1024),
    retryForMs: within('retryForMs', options.retryForMs ?? 300_000, 0),
    // Called apart: what they throw is a fault of the program, and none of the batch.
    onRejected: (rejection, text) => queueMicrotask(() => options.onRejected?.(rejection, text)),
    onTrouble: (error, pauseMs) => queueMicrotask(() => options.onTrouble?.(error, pauseMs)),
  };
  if (spool === undefined) return createMemorySubmitter(requester, settings);
  within('spool.maxBytes', spool.maxBytes ?? 1024 ** 3, 64 * 1024);
  return createSpoolSubmitter(requester, settings, (onDurable) => openSpool(spool, onDurable));
}

function within(name: string, value: number, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (value >= least && value <= most) return value;
  throw new RangeError(`${name} is ${value}; it has to be ${least} to ${most}.`);
}
