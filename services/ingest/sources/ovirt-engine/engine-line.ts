/**
 * A line of `/var/log/ovirt-engine/engine.log`:
 * `YYYY-MM-DD HH:MM:SS,mmmZONE LEVEL  [class] (thread) [correlation] TEXT`. The zone is hours only (`-04`, `Z`), with
 * minutes where there are any; old engines write none. The engine's syslog handler leaves time and correlation out.
 */
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime, guessedTime } from '../../src/normalize/event-time.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';

export interface EngineLine {
  /** Undefined where the line has no time of its own. */
  readonly time: EventTime | undefined;
  /** As written, a part of the event's identity. */
  readonly stamp: string;
  /** `INFO`, `WARN`, `ERROR`, `DEBUG` … */
  readonly level: string;
  /** Java class, whole or shortened. */
  readonly logger: string;
  /** Empty where there is none. */
  readonly correlation: string;
  readonly text: string;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[,.](\d{3})\d{0,6})?(Z|[+-]\d\d(?::?\d\d)?)? /;
const LEVEL = /^(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|SEVERE) {1,8}\[/;

/** Undefined where the text does not begin as such a line does. A time that does not exist is `invalid-time`. */
export function parseEngineLine(text: string, clock: LocalClock): EngineLine | 'invalid-time' | undefined {
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  const written = isDigit ? TIME.exec(text.slice(0, 48)) : null;
  if (isDigit && written === null) return undefined;
  const start = written?.[0].length ?? 0;
  const level = LEVEL.exec(text.slice(start, start + 20));
  if (level === null) return undefined;
  const classStart = start + level[0].length;
  const classEnd = text.indexOf('] ', classStart);
  if (classEnd < 0 || classEnd - classStart > 300) return undefined;
  const time = written === null ? undefined : instantOf(written, clock);
  if (written !== null && time === undefined) return 'invalid-time';
  const thread = threadEnd(text, classEnd + 2);
  const correlation = correlationAt(text, thread);
  return {
    time,
    stamp: written?.[0].trimEnd() ?? '',
    level: level[1] ?? '',
    logger: text.slice(classStart, classEnd),
    correlation: correlation?.value ?? '',
    text: text.slice(correlation?.end ?? thread),
  };
}

/** Threads have names like `ajp-/127.0.0.1:8702-1` or `EE-ManagedThreadFactory-engine-Thread-7`. */
function threadEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== 0x28) return start;
  const close = text.indexOf(') ', start);
  return close < 0 || close - start > 300 ? start : close + 2;
}

function correlationAt(
  text: string,
  start: number,
): { readonly value: string; readonly end: number } | undefined {
  if (text.charCodeAt(start) !== 0x5b) return undefined;
  const close = text.indexOf(']', start);
  if (close < 0 || close - start > 300) return undefined;
  const end = text.charCodeAt(close + 1) === 0x20 ? close + 2 : close + 1;
  return { value: text.slice(start + 1, close), end };
}

function instantOf(found: RegExpExecArray, clock: LocalClock): EventTime | undefined {
  const [, year, month, day, hour, minute, second, millis = '0', zone] = found;
  const isReal =
    Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    Number(day) <= daysOf(Number(year), Number(month)) &&
    Number(hour) <= 23 &&
    Number(minute) <= 59 &&
    Number(second) <= 60;
  if (!isReal) return undefined;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(millis),
  );
  if (zone === undefined) {
    const { epochMs, certain } = clock.toInstant(wall);
    return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
  }
  if (zone === 'Z') return exactTime(wall);
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 14 || minutes > 59) return undefined;
  const offsetMs = (hours * 60 + minutes) * 60_000;
  return exactTime(zone.startsWith('-') ? wall + offsetMs : wall - offsetMs);
}

/** `month` from 1. */
function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
