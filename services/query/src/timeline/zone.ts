/** The clock on the wall of a time zone, by the IANA data of the runtime. */

/** As `Date.UTC` takes it; months from 0; fields past their range go over into the next. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
}

export interface Zone {
  /** How far its clock is ahead of UTC at an instant, ms. */
  offsetAt(ms: number): number;
  wallAt(ms: number): WallTime;
  /** When its clock shows this: the first time where twice, and where never, when it is set past it. */
  instantOf(wall: WallTime): number;
  /** RFC 3339 with the zone's offset; UTC where that is no whole minutes. */
  write(ms: number): string;
}

const DAY_MS = 86_400_000;

/** Undefined: there is no such zone. */
export function openZone(name: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }

  function offsetAt(ms: number): number {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const wholeSecond = Math.floor(ms / 1000) * 1000;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
  }

  /** A zone sets its clock at most once in a day. */
  function instantOf({ day, hour, month, year }: WallTime): number {
    const local = Date.UTC(year, month, day, hour);
    const before = offsetAt(local - DAY_MS);
    const after = offsetAt(local + DAY_MS);
    const earliest = Math.min(local - before, local - after);
    const latest = Math.max(local - before, local - after);
    for (const instant of [earliest, latest]) if (instant + offsetAt(instant) === local) return instant;
    // The clock is set past it between the two.
    let low = earliest;
    let high = latest;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (middle + offsetAt(middle) < local) low = middle;
      else high = middle;
    }
    return high;
  }

  return {
    offsetAt,
    wallAt(ms) {
      const local = new Date(ms + offsetAt(ms));
      return {
        year: local.getUTCFullYear(),
        month: local.getUTCMonth(),
        day: local.getUTCDate(),
        hour: local.getUTCHours(),
      };
    },
    instantOf,
    write(ms) {
      const offset = offsetAt(ms);
      if (offset % 60_000 !== 0 || offset === 0) return new Date(ms).toISOString();
      const local = new Date(ms + offset).toISOString().slice(0, -1);
      const minutes = Math.abs(offset) / 60_000;
      const two = (value: number): string => String(value).padStart(2, '0');
      return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    },
  };
}
