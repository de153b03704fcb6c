/** When to ask again: `Retry-After` where it is said, else growing waits with full jitter. */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Of `Retry-After` (RFC 9110 §10.2.3): seconds or a date. Undefined where it is neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.length > 64) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** `attempt` counts from 1; `random` is 0 to 1. What was asked for is a least; the jitter is on top of it. */
export function waitBefore(attempt: number, askedMs: number | undefined, random: number): number {
  const jitter = Math.round(random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)));
  return (askedMs ?? 0) + jitter;
}
