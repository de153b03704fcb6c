/**
 * An event's time as the table keeps it: milliseconds UTC for filters and order, and beside them what the text had
 * more (digits below the millisecond, how the zone is written), so that the text can be made again exactly.
 */
import { timestampMs } from '@cadf-pipeline/cadf-model';

/** What DateTime64(3) holds: 1900-01-01 to the end of 2299. */
export const MIN_TIME_MS = Date.UTC(1900, 0, 1);
export const MAX_TIME_MS = Date.UTC(2300, 0, 1) - 1;

export interface EventTime {
  /** Milliseconds since 1970 UTC, clamped to what the column holds. NaN: the text is no time. */
  readonly ms: number;
  /**
   * Digits of the fraction and the zone as written, such as `6+0000`. '' where the text is written in a way that cannot
   * be made again from the number, or was clamped: then the text itself is kept.
   */
  readonly form: string;
  /** The digits below the millisecond as a number. */
  readonly below: number;
}

const NOT_A_TIME: EventTime = { ms: Number.NaN, form: '', below: 0 };
/** 3 + 9: what is below the millisecond has to fit 32 bits. */
const MAX_DIGITS = 12;
/** `2026-11-01T12:` */
const HOUR_END = 14;
/** `2026-11-01T12:34:56.123456` */
const FRACTION_END = 26;

/** Events beside each other are mostly of one hour and written alike: then only the digits behind the hour are read. */
let lastHour = '';
let lastHourMs = 0;
let lastTail = '';
let lastForm = '';

export function readEventTime(text: string): EventTime {
  return readLikeLast(text) ?? readAny(text);
}

/** A time with six digits of fraction in the hour, and with the zone, of the last one. */
function readLikeLast(text: string): EventTime | undefined {
  if (lastForm === '' || text.length !== FRACTION_END + lastTail.length) return undefined;
  if (!text.startsWith(lastHour) || !text.endsWith(lastTail)) return undefined;
  if (text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 46) return undefined;
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const milli = digits(text, 20, 23);
  const below = digits(text, 23, FRACTION_END);
  // Not digits give NaN, which compares false.
  if (!(minute < 60 && second < 60 && milli >= 0 && below >= 0)) return undefined;
  return { ms: lastHourMs + (minute * 60 + second) * 1000 + milli, form: lastForm, below };
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function readAny(text: string): EventTime {
  const ms = timestampMs(text);
  if (Number.isNaN(ms)) return NOT_A_TIME;
  if (ms < MIN_TIME_MS || ms > MAX_TIME_MS)
    return { ms: Math.min(Math.max(ms, MIN_TIME_MS), MAX_TIME_MS), form: '', below: 0 };
  // Leap seconds and 24:00 are read as the second after them.
  if (text.charCodeAt(10) !== 84 || text.charCodeAt(17) === 54 || text.startsWith('24', 11))
    return { ms, form: '', below: 0 };
  let end = 19;
  if (text.charCodeAt(19) === 46) {
    end = 20;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end === 20 || end > 20 + MAX_DIGITS) return { ms, form: '', below: 0 };
  }
  const count = end === 19 ? 0 : end - 20;
  const zone = text.slice(end);
  if (zoneMinutes(zone) === undefined) return { ms, form: '', below: 0 };
  const form = count + zone;
  if (count === 6) {
    lastHour = text.slice(0, HOUR_END);
    lastHourMs = Math.floor(ms / 3_600_000) * 3_600_000;
    // Zones of half hours: the digits behind the hour are not those of UTC.
    lastForm = (zoneMinutes(zone) ?? 0) % 60 === 0 ? form : '';
    lastTail = zone;
  }
  return { ms, form, below: count > 3 ? Number(text.slice(23, end)) : 0 };
}

/** The text again; `form` is not ''. */
export function writeEventTime(ms: number, form: string, below: number): string {
  const zoneAt = form.charCodeAt(1) >= 48 && form.charCodeAt(1) <= 57 ? 2 : 1;
  const digits = Number(form.slice(0, zoneAt));
  const zone = form.slice(zoneAt);
  const iso = new Date(ms + (zoneMinutes(zone) ?? 0) * 60_000).toISOString();
  if (digits === 0) return iso.slice(0, 19) + zone;
  const fraction = iso.slice(20, 23) + (digits > 3 ? String(below).padStart(digits - 3, '0') : '');
  return `${iso.slice(0, 20)}${fraction.slice(0, digits)}${zone}`;
}

const zones = new Map<string, number>([
  ['Z', 0],
  ['', 0],
  ['+00:00', 0],
  ['+0000', 0],
]);

/** Minutes east of UTC; undefined for a zone written otherwise than `+hh:mm`, `+hhmm`, `Z` or nothing. */
function zoneMinutes(zone: string): number | undefined {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  const east = match[1] === '-' ? -minutes : minutes;
  // At most 2 × 2 × 841 of them: timestampMs took the text, so the offset is a real one.
  zones.set(zone, east);
  return east;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
