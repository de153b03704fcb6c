/** Which times of a schedule are to be made up for. */
import type { ExportSchedule } from '@cadf-pipeline/control-state';
import type { CronTimes } from './cron-times.ts';

/** Exports that are asked for at once for times that passed. */
const MAX_MADE_UP = 100;
/** Times looked at; before them, nothing is made up for. */
const MAX_LOOKED_AT = 10_000;
/** So much later than it was to be, a time counts as missed. */
const MISSED_AFTER_MS = 300_000;

/**
 * Those after `lastMs` whose delay has passed at `nowMs`, the oldest first, as `missed` of the schedule says. What is since
 * the export before needs one export, however many times have passed.
 */
export function dueTimes(
  times: CronTimes,
  { delaySeconds = 60, missed = 'all', window }: ExportSchedule,
  lastMs: number,
  nowMs: number,
): { readonly due: readonly number[]; readonly passed: number | undefined } {
  const upto = nowMs - delaySeconds * 1000;
  const passed: number[] = [];
  for (let at = times.next(lastMs); at !== undefined && at <= upto; at = times.next(at)) {
    passed.push(at);
    if (passed.length > MAX_LOOKED_AT) passed.shift();
  }
  const kept = missed === 'none' ? passed.filter((at) => at + MISSED_AFTER_MS > upto) : passed;
  const most = missed === 'last' || window === 'since-last' ? 1 : MAX_MADE_UP;
  return { due: kept.slice(-most), passed: passed.at(-1) };
}
