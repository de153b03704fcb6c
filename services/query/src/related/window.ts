import { ProblemError } from '@cadf-pipeline/service-kit';
import { queryErrors } from '../errors.ts';

export const DEFAULT_WINDOW = 'PT1H';
const HOUR_MS = 3_600_000;
const MAX_MS = 31 * 24 * HOUR_MS;
const DURATION = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7})S)?)?$/;

/** An xs:duration of days, hours, minutes and seconds, in ms. Throws QUERY_WINDOW_INVALID. */
export function readWindow(text: string): number {
  const [, days, hours, minutes, seconds] = DURATION.exec(text) ?? [];
  const number = (digits: string | undefined): number => Number(digits ?? 0);
  const ms =
    (number(days) * 24 + number(hours)) * HOUR_MS + number(minutes) * 60_000 + number(seconds) * 1000;
  if (ms >= 1000 && ms <= MAX_MS) return ms;
  throw new ProblemError(queryErrors.QUERY_WINDOW_INVALID, {
    detail: `"window" is ${JSON.stringify(text)}: use a duration such as PT15M, PT1H or P1DT12H, from PT1S to P31D.`,
  });
}
