/** Where the buckets of a timeline begin: pieces of a day, days, weeks, months and years of a time zone's clock. */
import type { WallTime, Zone } from './zone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface Interval {
  /** About how long, ms. */
  readonly ms: number;
  /** Steps of the clock on the wall; without it, of elapsed time from the beginning of the zone's day. */
  readonly wall?: {
    readonly floor: (wall: WallTime) => WallTime;
    readonly next: (wall: WallTime) => WallTime;
  };
}

const INTERVALS = {
  '1s': { ms: 1000 },
  '5s': { ms: 5000 },
  '15s': { ms: 15_000 },
  '1m': { ms: MINUTE_MS },
  '5m': { ms: 5 * MINUTE_MS },
  '15m': { ms: 15 * MINUTE_MS },
  '30m': { ms: 30 * MINUTE_MS },
  '1h': { ms: HOUR_MS },
  '3h': hours(3),
  '6h': hours(6),
  '12h': hours(12),
  '1d': days(1, (wall) => wall.day),
  '1w': days(7, ({ day, month, year }) => day - ((new Date(Date.UTC(year, month, day)).getUTCDay() + 6) % 7)),
  '1M': months(1),
  '3M': months(3),
  '1y': months(12),
  '10y': months(120),
} as const satisfies Record<string, Interval>;

export type IntervalName = keyof typeof INTERVALS;

/** From the shortest to the longest. */
export const intervalNames = Object.keys(INTERVALS).filter(isIntervalName);

export const maxBuckets = 2000;
/** What `auto` aims below. */
const FEW_BUCKETS = 200;

export function isIntervalName(name: string): name is IntervalName {
  return Object.hasOwn(INTERVALS, name);
}

/** The shortest interval that gives few buckets for a stretch of time. */
export function automaticInterval(fromMs: number, toMs: number): IntervalName {
  return shortestInterval(fromMs, toMs, FEW_BUCKETS) ?? '10y';
}

/** The shortest interval that gives at most `most` buckets; undefined when even the longest gives more. */
export function shortestInterval(fromMs: number, toMs: number, most: number): IntervalName | undefined {
  // One more than fit: the first and the last begin before and end behind.
  return intervalNames.find((name) => (toMs - fromMs) / INTERVALS[name].ms + 2 <= most);
}

/**
 * The beginnings of all buckets that meet the time from `fromMs` up to and without `toMs`, ascending, and the end of the
 * last. Undefined: more than `maxBuckets`.
 */
export function bucketStarts(
  name: IntervalName,
  fromMs: number,
  toMs: number,
  zone: Zone,
): { readonly starts: readonly number[]; readonly endMs: number } | undefined {
  const interval: Interval = INTERVALS[name];
  if ((toMs - fromMs) / interval.ms > maxBuckets) return undefined;
  const edges =
    interval.wall === undefined ? elapsed(interval.ms, fromMs, zone) : byWall(interval.wall, fromMs, zone);
  const starts: number[] = [];
  for (const edge of edges) {
    const last = starts.at(-1);
    // A day that the zone left out has no length; the first edges may all be before.
    if (last !== undefined && edge <= last) continue;
    if (last !== undefined && edge <= fromMs) starts.pop();
    if (starts.length > 0 && edge >= toMs) return { starts, endMs: edge };
    starts.push(edge);
    if (starts.length > maxBuckets) return undefined;
  }
  return undefined;
}

function* byWall(
  { floor, next }: NonNullable<Interval['wall']>,
  fromMs: number,
  zone: Zone,
): Generator<number> {
  // One earlier: where the clock is set back, what it shows may begin twice.
  for (let wall = floor(zone.wallAt(fromMs - DAY_MS)); ; wall = next(wall)) yield zone.instantOf(wall);
}

/** From midnight to midnight, so that they stand at whole minutes and hours of the zone. */
function* elapsed(ms: number, fromMs: number, zone: Zone): Generator<number> {
  const { year, month, day } = zone.wallAt(fromMs);
  for (let ahead = -1; ; ahead++) {
    const start = zone.instantOf({ year, month, day: day + ahead, hour: 0 });
    const end = zone.instantOf({ year, month, day: day + ahead + 1, hour: 0 });
    const skipped = Math.max(0, Math.floor((fromMs - start) / ms));
    for (let at = start + skipped * ms; at < end; at += ms) yield at;
  }
}

function hours(step: number): Interval {
  return {
    ms: step * HOUR_MS,
    wall: {
      floor: (wall) => ({ ...wall, hour: wall.hour - (wall.hour % step) }),
      next: (wall) => ({ ...wall, hour: wall.hour + step }),
    },
  };
}

function days(step: number, floorDay: (wall: WallTime) => number): Interval {
  return {
    ms: step * DAY_MS,
    wall: {
      floor: (wall) => ({ ...wall, day: floorDay(wall), hour: 0 }),
      next: (wall) => ({ ...wall, day: wall.day + step }),
    },
  };
}

function months(step: number): Interval {
  const first = (months: number): WallTime => ({
    year: Math.floor(months / 12),
    month: months % 12,
    day: 1,
    hour: 0,
  });
  return {
    // The shortest of them: no stretch of time has more buckets than reckoned by this.
    ms: (step * 365 * DAY_MS) / 12.2,
    wall: {
      floor: ({ year, month }) => {
        const months = year * 12 + month;
        return first(months - (months % step));
      },
      next: ({ year, month }) => first(year * 12 + month + step),
    },
  };
}
