/** The datetime type of CIM (DSP0004 5.2.4): `yyyymmddhhmmss.mmmmmmsutc`, the offset in minutes. */
import { exactTime, guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';

const TIMESTAMP =
  /^(\d{4})(\d\d|\*\*)(\d\d|\*\*)(\d\d|\*\*)(\d\d|\*\*)(\d\d|\*\*)\.([\d*]{6})([+-])(\d{3}|\*{3})$/;
const INTERVAL = /^[\d*]{14}\.[\d*]{6}:\d{3}$/;
const MINUTE_MS = 60_000;

/**
 * `interval`: a length of time, which is no point in time. Undefined: neither, or outside 1970 to 2299. Asterisks stand
 * for what is not known: the earliest such time, told as guessed (fractions of a second apart).
 */
export function parseCimDatetime(text: string): EventTime | 'interval' | undefined {
  if (INTERVAL.test(text)) return 'interval';
  const found = TIMESTAMP.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offset = ''] = found;
  const parts = [month, day, hour, minute, second].map((part, index) => {
    if (part === '**') return index < 2 ? 1 : 0;
    return Number(part);
  });
  const [monthNumber = 0, dayNumber = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  const wallMs = Date.UTC(Number(year), monthNumber - 1, dayNumber, hours, minutes, seconds);
  const wall = new Date(wallMs);
  // Fields out of range roll over: such a day, hour or minute does not exist.
  const isReal =
    wall.getUTCFullYear() === Number(year) &&
    wall.getUTCMonth() === monthNumber - 1 &&
    wall.getUTCDate() === dayNumber &&
    wall.getUTCHours() === hours &&
    wall.getUTCMinutes() === minutes &&
    wall.getUTCSeconds() === seconds;
  if (!isReal) return undefined;
  const millis = Number(fraction.slice(0, 3).replaceAll('*', '0'));
  const isZoned = !offset.startsWith('*');
  const offsetMs = isZoned ? (sign === '-' ? -1 : 1) * Number(offset) * MINUTE_MS : 0;
  const epochMs = wallMs + millis - offsetMs;
  const hasUnknown = [month, day, hour, minute, second].includes('**');
  const time = hasUnknown
    ? guessedTime(epochMs, 'time')
    : isZoned
      ? exactTime(epochMs)
      : guessedTime(epochMs, 'zone');
  return isUsableTime(time) ? time : undefined;
}
