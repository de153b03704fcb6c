/** Clock times written without a zone: the instant they mean where the machine that wrote them stands. */

export interface LocalInstant {
  /** Milliseconds since 1970 UTC. */
  readonly epochMs: number;
  /** False: the zone is not known, or the clock showed this time twice or never (change of summer time). */
  readonly certain: boolean;
}

export interface LocalClock {
  /** What the wall clock shows, given as if it were UTC (`Date.UTC(…)`), as an instant. */
  toInstant(wallMs: number): LocalInstant;
  /** What the wall clock shows at an instant, given as if it were UTC. */
  toWall(epochMs: number): number;
}

/** The setting names no zone. */
export class TimeZoneError extends Error {
  readonly code = 'SOURCE_TIMEZONE_UNKNOWN';
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Offsets change at quarters of an hour at most. */
const SLOT_MS = 15 * MINUTE_MS;
const MAX_SLOTS = 4096;

/**
 * A clock in `zone`: an IANA name (`Europe/Berlin`), or an offset (`+02:00`). Without a zone, UTC, and nothing it says
 * is certain. A time shown twice is the earlier instant. Throws TimeZoneError.
 */
export function createLocalClock(zone?: string): LocalClock {
  if (zone === undefined || zone === '')
    return { toInstant: (wallMs) => ({ epochMs: wallMs, certain: false }), toWall: (epochMs) => epochMs };
  const fixed = fixedOffset(zone);
  if (fixed !== undefined) {
    return {
      toInstant: (wallMs) => ({ epochMs: wallMs - fixed, certain: true }),
      toWall: (epochMs) => epochMs + fixed,
    };
  }
  const offsetAt = zoneOffsets(zone);
  return {
    toInstant(wallMs) {
      // The offsets before and after any change that is near.
      const before = offsetAt(wallMs - DAY_MS);
      const after = offsetAt(wallMs + DAY_MS);
      if (before === after) return { epochMs: wallMs - before, certain: true };
      const early = wallMs - before;
      const late = wallMs - after;
      const isEarly = offsetAt(early) === before;
      const isLate = offsetAt(late) === after;
      if (isEarly !== isLate) return { epochMs: isEarly ? early : late, certain: true };
      return { epochMs: early, certain: false };
    },
    toWall: (epochMs) => epochMs + offsetAt(epochMs),
  };
}

function fixedOffset(zone: string): number | undefined {
  if (zone === 'UTC' || zone === 'Z') return 0;
  const found = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(zone);
  if (found === null) return undefined;
  const [, sign, hours = '', minutes = '0'] = found;
  if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

function zoneOffsets(zone: string): (epochMs: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (error) {
    throw new TimeZoneError(
      `"${zone}" is no time zone. Give an IANA name such as Europe/Berlin, or an offset such as +02:00.`,
      { cause: error },
    );
  }
  const known = new Map<number, number>();
  return (epochMs) => {
    const slot = Math.floor(epochMs / SLOT_MS);
    let offset = known.get(slot);
    if (offset === undefined) {
      if (known.size >= MAX_SLOTS) known.clear();
      offset = readOffset(format, slot * SLOT_MS);
      known.set(slot, offset);
    }
    return offset;
  };
}

/** Of a text such as `11/21/2026, GMT+01:00`; `GMT` alone is 0. Before zones were standard, seconds follow. */
function readOffset(format: Intl.DateTimeFormat, epochMs: number): number {
  if (!(Math.abs(epochMs) <= 8.64e15)) return 0;
  const found = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(format.format(epochMs));
  if (found === null) return 0;
  const [, sign, hours, minutes, seconds = '0'] = found;
  return (
    (sign === '-' ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * 1000)
  );
}
