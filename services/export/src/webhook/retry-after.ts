/** `Retry-After` of an answer (RFC 9110 §10.2.3): seconds, or a date in one of three forms (§5.6.7). */

/** Nobody makes us wait longer. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** Milliseconds to wait, 0 to MAX_RETRY_AFTER_MS; undefined where the text says nothing. */
export function retryAfterMs(text: string | undefined, nowMs: number): number | undefined {
  const said = text?.trim().slice(0, 64) ?? '';
  if (/^\d+$/.test(said)) return Math.min(Number(said) * 1000, MAX_RETRY_AFTER_MS);
  if (!/^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? /.test(said)) return undefined;
  // The form of C's asctime says no zone and means UTC.
  const at = Date.parse(said.endsWith(' GMT') ? said : `${said} GMT`);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), MAX_RETRY_AFTER_MS);
}
