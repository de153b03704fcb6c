/** Times of access.log and of the firewall's log: `01/10/2026:16:31:54 +0200`, `20/Jun/2022:13:09:14 +0200`. */
import { monthIndex } from '../../src/normalize/guess-date.ts';

const TIME = /^(\d\d)\/(\d\d|[A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;

/** Milliseconds since 1970 UTC; undefined where it is no such time. The month of access.log is a number, not a name. */
export function readLogTime(written: string): number | undefined {
  const found = TIME.exec(written);
  if (found === null) return undefined;
  const [, day, monthWord = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = found;
  const month = /^\d/.test(monthWord) ? Number(monthWord) - 1 : monthIndex(monthWord);
  const wall = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(wall);
  const isReal =
    month >= 0 &&
    date.getUTCMonth() === month &&
    date.getUTCDate() === Number(day) &&
    date.getUTCHours() === Number(hour) &&
    Number(zoneHours) <= 14 &&
    Number(zoneMinutes) <= 59;
  if (!isReal) return undefined;
  const offsetMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === '-' ? wall + offsetMs : wall - offsetMs;
}
