/** The stretch of time a sample is of: an Interval sample is written at its end (DSP0263 5.17.2). */
import { textOf } from './document.ts';
import type { Folded } from './document.ts';

/** Years, months, weeks, days; hours, minutes, seconds. */
const DURATION =
  /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?$/;
const WORDS: ReadonlyMap<string, string> = new Map([
  ['hourly', 'PT1H'],
  ['daily', 'P1D'],
  ['weekly', 'P7D'],
  ['monthly', 'P1M'],
  ['yearly', 'P1Y'],
]);

export interface SampleInterval {
  /** RFC 3339 in UTC. */
  readonly start: string;
  readonly end: string;
  /** As the meter says it. */
  readonly duration: string;
}

/** Undefined for a meter of points, and where its `intervalDuration` is no length of time. */
export function intervalOf(meter: Folded, endMs: number): SampleInterval | undefined {
  const duration = textOf(meter.get('intervalduration'));
  if (duration === undefined || textOf(meter.get('timescope'))?.toLowerCase() === 'point') return undefined;
  const startMs = before(endMs, duration);
  if (startMs === undefined) return undefined;
  return { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString(), duration };
}

function before(endMs: number, duration: string): number | undefined {
  const [whole, ...parts] = DURATION.exec(WORDS.get(duration.toLowerCase()) ?? duration.slice(0, 64)) ?? [];
  if (whole === undefined || parts.every((part) => part === undefined)) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(
    (part: string | undefined) => Number(part ?? 0),
  );
  const start = new Date(endMs);
  start.setUTCDate(1);
  start.setUTCMonth(start.getUTCMonth() - months - 12 * years);
  // The 31st less a month is the last day of a shorter one.
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  start.setUTCDate(Math.min(new Date(endMs).getUTCDate(), lastDay));
  const time = start.getTime() - ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  return time >= 0 ? time : undefined;
}
