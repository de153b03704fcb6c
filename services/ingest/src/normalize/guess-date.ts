/** Clock times without a year, or without a date: RFC 3164 headers, the journal's short form. */
import { createLocalClock } from './local-clock.ts';
import type { LocalClock } from './local-clock.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NO_ZONE = createLocalClock();

/** 0 for January; -1 when it is no English three-letter month. */
export function monthIndex(name: string): number {
  return MONTHS.indexOf(name);
}

interface Written {
  /** 0 for January; undefined: there is no date. */
  readonly month: number | undefined;
  readonly day: number;
  /** Milliseconds since midnight. */
  readonly timeOfDay: number;
}

/** `Mon DD HH:MM:SS` or `HH:MM:SS`, fraction allowed. */
function readWritten(written: string): Written | undefined {
  const found = /^(?:([A-Z][a-z]{2}) {1,2}(\d{1,2}) )?(\d\d):(\d\d):(\d\d)(?:[.,](\d{3})\d{0,9})?$/.exec(
    written,
  );
  if (found === null) return undefined;
  const [, monthName, day, hour, minute, second, millis] = found;
  const month = monthName === undefined ? undefined : monthIndex(monthName);
  if (month === -1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const timeOfDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(millis ?? 0);
  return { month, day: Number(day), timeOfDay };
}

/** What the wall clock showed, as if it were UTC; undefined where the year has no such day. */
function wallTime({ month = 0, day, timeOfDay }: Written, year: number): number | undefined {
  const date = new Date(Date.UTC(year, month, day));
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  return date.getTime() + timeOfDay;
}

/** `Mon DD HH:MM:SS` of a year that is known, as the wall clock showed it, given as if it were UTC. */
export function wallTimeInYear(written: string, year: number): number | undefined {
  const read = readWritten(written);
  return read?.month === undefined ? undefined : wallTime(read, year);
}

/**
 * The instant `Mon DD HH:MM:SS` or `HH:MM:SS` (fraction allowed) most likely means: the latest one that is not more
 * than a day after the record came in (clocks and zones differ), so a record of December read in January is of last
 * year. Always a guess. Undefined when it is neither form, or no such day was in the last five years.
 */
export function guessDate(
  written: string,
  receivedMs: number,
  clock: LocalClock = NO_ZONE,
): number | undefined {
  const read = readWritten(written);
  if (read === undefined) return undefined;
  if (read.month === undefined) {
    const today = Math.floor(clock.toWall(receivedMs) / DAY_MS) * DAY_MS + read.timeOfDay;
    const { certain, epochMs: instant } = clock.toInstant(today);
    // Where the zone is not known, the clock that wrote it may be far ahead of UTC.
    return instant > receivedMs + (certain ? HOUR_MS : DAY_MS / 2)
      ? clock.toInstant(today - DAY_MS).epochMs
      : instant;
  }
  const year = new Date(receivedMs + DAY_MS).getUTCFullYear();
  for (let back = 0; back <= 4; back += 1) {
    const wall = wallTime(read, year - back);
    if (wall === undefined) continue;
    const { epochMs } = clock.toInstant(wall);
    if (epochMs <= receivedMs + DAY_MS) return epochMs;
  }
  return undefined;
}
