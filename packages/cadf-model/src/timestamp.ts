/**
 * Reads and writes cadf:Timestamp (DSP0262: xs:dateTime with a mandatory numeric offset, `Z` forbidden).
 * Emitters in the field write many other forms, so the reader is tolerant and the writer strict.
 */

/**
 * - `strict`: as the standard has it, `2019-01-19T22:43:21.675469+00:00`;
 * - `offset-without-colon`: `…+0000` (pyCADF, Keystone, Ironic, IBM Activity Tracker);
 * - `zulu`: `…Z` (IBM Event Endpoint Management);
 * - `no-zone`: nothing, taken as UTC (ceilometermiddleware);
 * - `loose`: anything else that can be read without a guess: an empty fraction (`16.+0200`), ` UTC` behind, an
 *   offset of hours only, a blank or small letter instead of `T`, a comma before the fraction, blanks around.
 */
export type TimestampForm = 'strict' | 'offset-without-colon' | 'zulu' | 'no-zone' | 'loose';

export interface ParsedTimestamp {
  /** Milliseconds since 1970 UTC, digits below a millisecond cut off. A leap second is the second after it. */
  readonly epochMs: number;
  readonly form: TimestampForm;
  /** `local-unknown`: UTC is known, the local offset is not (`-00:00`); `assumed-utc`: the text has no zone. */
  readonly zone: 'offset' | 'local-unknown' | 'assumed-utc';
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
  /** Digits written after the decimal point; 0 when there are none. */
  readonly fractionDigits: number;
  /** Second 60, at the end of a UTC day. */
  readonly leapSecond: boolean;
}

/** Texts longer than this are no timestamps; the longest sensible one has about 45 characters. */
export const maxTimestampLength = 64;

// What the last scan found. The scanner is synchronous and fills these instead of making an object,
// because it runs once or twice for every event taken in.
let scannedMs = 0;
let scannedZone: ParsedTimestamp['zone'] = 'offset';
let scannedOffset = 0;
let scannedDigits = 0;
let scannedLeap = false;

/** Reads a timestamp; undefined when it is none, or names a day or time that does not exist. */
export function parseTimestamp(text: string): ParsedTimestamp | undefined {
  const form = timestampForm(text);
  if (form === undefined) return undefined;
  return {
    epochMs: scannedMs,
    form,
    zone: scannedZone,
    offsetMinutes: scannedOffset,
    fractionDigits: scannedDigits,
    leapSecond: scannedLeap,
  };
}

/** As parseTimestamp, without making an object: milliseconds since 1970 UTC, NaN when it is no timestamp. */
export function timestampMs(text: string): number {
  return timestampForm(text) === undefined ? Number.NaN : scannedMs;
}

/** Which form the text has, undefined when it is no timestamp; what validation needs, without making an object. */
export function timestampForm(text: string): TimestampForm | undefined {
  const length = text.length;
  if (length > maxTimestampLength || length < 19) return undefined;
  return scan(text, 0, length) ?? scanTrimmed(text);
}

/**
 * Strict form, in UTC: `2019-01-19T22:43:21.675+00:00`, with 0 to 3 digits of fraction (default 3).
 * Throws RangeError outside the years 0000 to 9999 and for NaN.
 */
export function formatTimestamp(epochMs: number, fractionDigits: 0 | 3 = 3): string {
  const iso = new Date(epochMs).toISOString();
  if (iso.length !== 24) throw new RangeError(`no timestamp of four-digit years: ${epochMs}`);
  return `${iso.slice(0, fractionDigits === 0 ? 19 : 23)}+00:00`;
}

/** The same instant, offset and digits in strict form; undefined when the text is no timestamp. */
export function toStrictTimestamp(text: string): string | undefined {
  const form = timestampForm(text);
  if (form === undefined) return undefined;
  if (form === 'strict') return text;
  const body = text.trim();
  const fraction = scannedDigits === 0 ? '' : `.${body.slice(20, 20 + scannedDigits)}`;
  return `${body.slice(0, 10)}T${body.slice(11, 19)}${fraction}${strictOffset()}`;
}

function strictOffset(): string {
  if (scannedZone === 'local-unknown') return '-00:00';
  const minutes = Math.abs(scannedOffset);
  const sign = scannedOffset < 0 ? '-' : '+';
  return `${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function scanTrimmed(text: string): TimestampForm | undefined {
  const trimmed = text.trim();
  if (trimmed.length === text.length || trimmed.length < 19) return undefined;
  return scan(trimmed, 0, trimmed.length) === undefined ? undefined : 'loose';
}

function scan(text: string, start: number, end: number): TimestampForm | undefined {
  const year = number4(text, start);
  const month = number2(text, start + 5);
  const day = number2(text, start + 8);
  const hour = number2(text, start + 11);
  const minute = number2(text, start + 14);
  const second = number2(text, start + 17);
  // A non-digit makes its number negative; separators: `-` `-` `T` `:` `:`.
  if ((year | month | day | hour | minute | second) < 0) return undefined;
  if (text.charCodeAt(start + 4) !== 45 || text.charCodeAt(start + 7) !== 45) return undefined;
  if (text.charCodeAt(start + 13) !== 58 || text.charCodeAt(start + 16) !== 58) return undefined;
  const separator = text.charCodeAt(start + 10);
  let loose = separator !== 84;
  if (loose && separator !== 116 && separator !== 32) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;

  let at = start + 19;
  let fractionMs = 0;
  scannedDigits = 0;
  const point = text.charCodeAt(at);
  if (point === 46 || point === 44) {
    const first = at + 1;
    at = first;
    let weight = 100;
    let digit = text.charCodeAt(at) - 48;
    while (digit >= 0 && digit <= 9) {
      fractionMs += digit * weight;
      weight = weight > 1 ? weight / 10 : 0;
      at++;
      digit = text.charCodeAt(at) - 48;
    }
    scannedDigits = at - first;
    if (point === 44 || at === first) loose = true;
  }

  const zoneForm = scanZone(text, at, end);
  if (zoneForm === undefined) return undefined;
  if (!isTimeOfDay(hour, minute, second, fractionMs)) return undefined;
  const dayMs = daysSince1970(year, month, day) * 86_400_000;
  scannedMs = dayMs + ((hour * 60 + minute - scannedOffset) * 60 + second) * 1000 + fractionMs;
  return loose ? 'loose' : zoneForm;
}

/** Reads from the end of the seconds to the end of the text. */
function scanZone(text: string, at: number, end: number): TimestampForm | undefined {
  scannedZone = 'offset';
  scannedOffset = 0;
  if (at === end) {
    scannedZone = 'assumed-utc';
    return 'no-zone';
  }
  const sign = text.charCodeAt(at);
  if (sign === 43 || sign === 45) return scanOffset(text, at, end, sign === 45);
  if (at + 1 === end && sign === 90) return 'zulu';
  const name = text.slice(at, end).trim();
  return name === 'UTC' || name === 'GMT' || name === 'z' || name === 'Z' ? 'loose' : undefined;
}

function scanOffset(text: string, at: number, end: number, west: boolean): TimestampForm | undefined {
  const hours = number2(text, at + 1);
  const rest = end - at;
  let form: TimestampForm = 'strict';
  let minutes: number;
  if (rest === 6 && text.charCodeAt(at + 3) === 58) {
    minutes = number2(text, at + 4);
  } else if (rest === 5) {
    minutes = number2(text, at + 3);
    form = 'offset-without-colon';
  } else if (rest === 3) {
    minutes = 0;
    form = 'loose';
  } else {
    return undefined;
  }
  // xs:dateTime: offsets go from -14:00 to +14:00.
  if ((hours | minutes) < 0 || minutes > 59 || hours * 60 + minutes > 840) return undefined;
  scannedOffset = hours * 60 + minutes;
  if (west) {
    if (scannedOffset === 0) scannedZone = 'local-unknown';
    else scannedOffset = -scannedOffset;
  }
  return form;
}

/** 24:00:00 is the end of a day (xs:dateTime); second 60 only where UTC has leap seconds, at the end of a day. */
function isTimeOfDay(hour: number, minute: number, second: number, fractionMs: number): boolean {
  scannedLeap = false;
  if (minute > 59) return false;
  if (hour >= 24) return hour === 24 && minute === 0 && second === 0 && fractionMs === 0;
  if (second < 60) return true;
  if (second !== 60) return false;
  const utcMinute = hour * 60 + minute - scannedOffset;
  scannedLeap = (utcMinute + 2880) % 1440 === 1439;
  return scannedLeap;
}

/** Two decimal digits at an index, negative when there are none. */
function number2(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function number4(text: string, at: number): number {
  const high = number2(text, at);
  const low = number2(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar, by integer arithmetic over 400-year eras. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
