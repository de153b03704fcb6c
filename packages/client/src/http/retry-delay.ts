/** How long to wait before a request is sent again. */

/** Most that a service may ask to wait, ms. */
export const MAX_RETRY_AFTER_MS = 3_600_000;
const FIRST_MS = 250;
const MAX_MS = 30_000;

/**
 * Milliseconds before attempt `attempt` + 1; `attempt` counts those that failed, from 1. Doubles up to 30 s, with a
 * random half, so that many clients do not come back together. What the service asked for is the least.
 */
export function retryDelayMs(attempt: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const step = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) + step / 2 + (random() * step) / 2;
}

/** `Retry-After` (RFC 9110, section 10.2.3: seconds or a date) in milliseconds; undefined where it says nothing. */
export function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER_MS);
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - nowMs), MAX_RETRY_AFTER_MS);
}

/** Resolves after so many milliseconds; rejects with the reason of the signal when that aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
