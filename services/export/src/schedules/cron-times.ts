/** The times of a cron expression in a time zone, by croner: also through changes of summer time. */
import { Cron } from 'croner';

export interface CronTimes {
  /** The first time after `ms`; undefined: there is none. Milliseconds since 1970 UTC. */
  next(ms: number): number | undefined;
  /** The last one before `ms`. */
  previous(ms: number): number | undefined;
}

/** A sentence where it cannot be read. Five fields: minute, hour, day of month, month, day of week. */
export function readCron(expression: string, timeZone = 'UTC'): CronTimes | string {
  if (!isTimeZone(timeZone)) return `there is no time zone ${JSON.stringify(timeZone)}`;
  try {
    const cron = new Cron(expression, { mode: '5-part', paused: true, timezone: timeZone });
    return {
      next: (ms) => cron.nextRun(new Date(ms))?.getTime(),
      previous: (ms) => cron.previousRuns(1, new Date(ms))[0]?.getTime(),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
