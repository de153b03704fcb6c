/** When a batch that was not delivered is tried again, and when it is given up for the time being. */

export interface RetrySchedule {
  /**
   * When the next attempt is due, ms since 1970 UTC, after `failures` (1 or more) failed ones; `parked` when the
   * schedule is over. `retryAfterMs`: the receiver asked for so long a pause.
   */
  next(failed: {
    readonly failures: number;
    readonly firstAttemptMs: number;
    readonly nowMs: number;
    readonly retryAfterMs?: number;
  }): number | 'parked';
}

export interface RetryScheduleOptions {
  /** Pause after each failure, ms; after the last one it is repeated. */
  readonly delaysMs?: readonly number[];
  /** How long a batch is tried, from its first attempt on, ms. */
  readonly totalMs?: number;
  /** 0 to 1; default `Math.random`. */
  readonly random?: () => number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Beside the first attempt, at once. What is left of three days after the last one is the pause before the very last. */
const DELAYS_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
const TOTAL_MS = 3 * DAY;
const MAX_RETRY_AFTER_MS = DAY;
/** Pauses are up to so much longer or shorter: receivers that came back are not called by all at once. */
const JITTER = 0.1;

export function createRetrySchedule(options: RetryScheduleOptions = {}): RetrySchedule {
  const { delaysMs = DELAYS_MS, totalMs = TOTAL_MS, random = Math.random } = options;
  return {
    next({ failures, firstAttemptMs, nowMs, retryAfterMs = 0 }) {
      const overMs = firstAttemptMs + totalMs;
      if (nowMs >= overMs) return 'parked';
      const delayMs = delaysMs[Math.min(failures, delaysMs.length) - 1] ?? 0;
      const dueMs = nowMs + delayMs * (1 - JITTER + 2 * JITTER * random());
      // The last attempt is when the time is over, but never before the receiver wants it.
      return Math.max(Math.min(dueMs, overMs), nowMs + Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
    },
  };
}
