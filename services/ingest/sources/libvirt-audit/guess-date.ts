/** Times without a year, or without a date, of the journal's short form. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;

/**
 * The instant `Mon DD HH:MM:SS` or `HH:MM:SS` most likely means, taken as UTC: the latest one that is not more than a
 * day after the record came in (clocks and zones differ), so a record of December read in January is of last year.
 * Undefined when it is neither form.
 */
export function guessDate(written: string, receivedMs: number): number | undefined {
  const found = /^(?:([A-Z][a-z]{2}) {1,2}(\d{1,2}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{3})\d{0,6})?$/.exec(
    written,
  );
  if (found === null) return undefined;
  const [, monthName, day, hour, minute, second, millis] = found;
  const timeOfDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(millis ?? 0);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  if (monthName === undefined) {
    const today = Math.floor(receivedMs / DAY_MS) * DAY_MS + timeOfDay;
    return today > receivedMs + DAY_MS / 2 ? today - DAY_MS : today;
  }
  const month = MONTHS.indexOf(monthName);
  const year = new Date(receivedMs + DAY_MS).getUTCFullYear();
  for (let back = 0; back <= 4; back += 1) {
    const date = new Date(Date.UTC(year - back, month, Number(day)));
    const real = month >= 0 && date.getUTCMonth() === month && date.getUTCDate() === Number(day);
    if (real && date.getTime() + timeOfDay <= receivedMs + DAY_MS) return date.getTime() + timeOfDay;
  }
  return undefined;
}
