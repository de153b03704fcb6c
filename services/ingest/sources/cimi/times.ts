/** Times as servers of CIMI write them: RFC 3339, a date alone, `Fri Feb 08 15:25:41 EET 2013`. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { exactTime, guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { wallTimeInYear } from '../../src/normalize/guess-date.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';
import { textOf } from './document.ts';

/** Undefined where it is none of these forms. Abbreviated zones are many things at once: only UTC and GMT are read. */
export function readTime(written: unknown, clock: LocalClock): EventTime | undefined {
  const text = textOf(written);
  if (text === undefined || text.length > 64) return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) {
    const parsed = parseTimestamp(`${text}T00:00:00Z`);
    return parsed === undefined ? undefined : guessedTime(parsed.epochMs, 'time');
  }
  const parsed = parseTimestamp(text);
  if (parsed !== undefined) {
    return parsed.zone === 'assumed-utc' ? atWall(parsed.epochMs, clock) : exactTime(parsed.epochMs);
  }
  const found = /^[A-Z][a-z]{2} ([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d) (?:([A-Z]{2,5}) )?(\d{4})$/.exec(
    text,
  );
  const [, clockTime, zone, year] = found ?? [];
  if (clockTime === undefined) return undefined;
  const wall = wallTimeInYear(clockTime, Number(year));
  if (wall === undefined) return undefined;
  return zone === 'UTC' || zone === 'GMT' ? exactTime(wall) : atWall(wall, clock);
}

/** The first of the times that can be read and that an event can have. */
export function firstTime(written: readonly unknown[], clock: LocalClock): EventTime | undefined {
  for (const one of written) {
    const time = readTime(one, clock);
    if (time !== undefined && isUsableTime(time)) return time;
  }
  return undefined;
}

function atWall(wallMs: number, clock: LocalClock): EventTime {
  const { epochMs, certain } = clock.toInstant(wallMs);
  return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
}
