/** Clock times without a year, or without a date: RFC 3164 headers, the journal's short form. */
import { createLocalClock } from './local-clock.ts';
import type { LocalClock } from './local-clock.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;
const NO_ZONE = createLocalClock();

/** 0 for January; -1 when it is no English three-letter month. */
export function monthIndex(name: string): number {
  return MONTHS.indexOf(name);
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
  const found = /^(?:([A-Z][a-z]{2}) {1,2}(\d{1,2}) )?(\d\d):(\d\d):(\d\d)(?:[.,](\d{3})\d{0,9})?$/.exec(
    written,
  );
  if (found === null) return undefined;
  const [, monthName, day, hour, minute, second, millis] = found;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const timeOfDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(millis ?? 0);
  if (monthName === undefined) {
    const today = Math.floor(clock.toWall(receivedMs) / DAY_MS) * DAY_MS + timeOfDay;
    const instant = clock.toInstant(today).epochMs;
    return instant > receivedMs + DAY_MS / 2 ? clock.toInstant(today - DAY_MS).epochMs : instant;
  }
  const month = monthIndex(monthName);
  const year = new Date(receivedMs + DAY_MS).getUTCFullYear();
  for (let back = 0; back <= 4; back += 1) {
    const date = new Date(Date.UTC(year - back, month, Number(day)));
    if (month < 0 || date.getUTCMonth() !== month || date.getUTCDate() !== Number(day)) continue;
    const { epochMs } = clock.toInstant(date.getTime() + timeOfDay);
    if (epochMs <= receivedMs + DAY_MS) return epochMs;
  }
  return undefined;
}
