import { StreamError } from './errors.ts';

/** Counts the bytes that were taken by `append` and are not durable yet, and refuses past a limit. */
export interface PendingBudget {
  /** Throws StreamError `STREAM_OVERLOADED` when `bytes` more would pass the limit; an empty budget takes anything. */
  take(bytes: number): void;
  give(bytes: number): void;
  now(): { readonly bytes: number; readonly limitBytes: number };
}

/** A budget of `limitBytes` bytes. */
export function createPendingBudget(limitBytes: number): PendingBudget {
  let used = 0;
  return {
    take(bytes) {
      // One oversized batch on an idle stream must get through, or it could never be appended.
      if (used > 0 && used + bytes > limitBytes)
        throw new StreamError(
          'STREAM_OVERLOADED',
          `nothing was appended: ${used} bytes wait to become durable, the limit is ${limitBytes}; retry later`,
        );
      used += bytes;
    },
    give(bytes) {
      used -= bytes;
    },
    now: () => ({ bytes: used, limitBytes }),
  };
}
