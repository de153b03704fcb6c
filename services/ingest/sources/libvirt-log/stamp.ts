/**
 * The time libvirt writes before a line of its logs and virsh before an event: `2026-11-20 18:50:30.950+0000: `. UTC
 * since libvirt 0.9.8; before, local time without a zone, and before 0.9 without a date (libvirt: Logging, "Log format").
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { exactTime, guessedTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { guessDate } from '../../src/normalize/guess-date.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';

export interface Stamp {
  /** As written, with its zone. */
  readonly written: string;
  /** Undefined where it names a day or time that does not exist. */
  readonly time: EventTime | undefined;
  /** Where the text behind it begins. */
  readonly end: number;
}

const DATED = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?([+-]\d\d:?\d\d|Z)?): ?/;
const TIME_OF_DAY = /^(\d\d:\d\d:\d\d\.\d{3}): /;
const LONGEST = 48;

/** Undefined where the line does not begin with such a time. */
export function readStamp(line: string, receivedMs: number, clock: LocalClock): Stamp | undefined {
  const first = line.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39)) return undefined;
  const start = line.length > LONGEST ? line.slice(0, LONGEST) : line;
  const dated = DATED.exec(start);
  if (dated !== null) {
    const [whole, written = '', zone] = dated;
    return { written, time: timeOf(written, zone !== undefined, clock), end: whole.length };
  }
  const daily = TIME_OF_DAY.exec(start);
  if (daily === null) return undefined;
  const [whole, written = ''] = daily;
  const epochMs = guessDate(written, receivedMs, clock);
  return {
    written,
    time: epochMs === undefined ? undefined : guessedTime(epochMs, 'time'),
    end: whole.length,
  };
}

function timeOf(written: string, hasZone: boolean, clock: LocalClock): EventTime | undefined {
  const parsed = parseTimestamp(written);
  if (parsed === undefined) return undefined;
  if (hasZone) return exactTime(parsed.epochMs);
  const { epochMs, certain } = clock.toInstant(parsed.epochMs);
  return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
}
