import { expect, test } from 'vitest';
import { automaticInterval, bucketStarts, intervalNames } from './buckets.ts';
import type { IntervalName } from './buckets.ts';
import { openZone } from './zone.ts';

const HOUR = 3_600_000;

function zoneOf(name: string): NonNullable<ReturnType<typeof openZone>> {
  const zone = openZone(name);
  if (zone === undefined) throw new Error(`no zone ${name}`);
  return zone;
}

function written(name: IntervalName, from: string, to: string, zoneName: string): string[] {
  const zone = zoneOf(zoneName);
  const { starts = [], endMs = 0 } = bucketStarts(name, Date.parse(from), Date.parse(to), zone) ?? {};
  return [...starts, endMs].map((start) => zone.write(start));
}

test('days are 23 and 25 hours long where the clock is set', () => {
  expect(written('1d', '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', 'Europe/Berlin')).toEqual([
    '2026-03-28T00:00:00.000+01:00',
    '2026-03-29T00:00:00.000+01:00',
    '2026-03-30T00:00:00.000+02:00',
    '2026-03-31T00:00:00.000+02:00',
  ]);
  const { starts = [] } =
    bucketStarts('1d', Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 27), zoneOf('Europe/Berlin')) ?? {};
  expect(starts.map((start, index) => ((starts[index + 1] ?? 0) - start) / HOUR).slice(0, -1)).toEqual([
    24, 25, 24,
  ]);
});

test('hours are counted one by one through a day of 25, and pieces of a day by its clock', () => {
  expect(written('1h', '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z', 'Europe/Berlin')).toEqual([
    '2026-10-25T02:00:00.000+02:00',
    '2026-10-25T02:00:00.000+01:00',
    '2026-10-25T03:00:00.000+01:00',
  ]);
  expect(written('6h', '2026-03-28T23:00:00Z', '2026-03-29T10:00:01Z', 'Europe/Berlin')).toEqual([
    '2026-03-29T00:00:00.000+01:00',
    '2026-03-29T06:00:00.000+02:00',
    '2026-03-29T12:00:00.000+02:00',
    '2026-03-29T18:00:00.000+02:00',
  ]);
});

test('a day begins when the clock is past midnight, where that is left out', () => {
  expect(written('1d', '2023-04-28T12:00:00Z', '2023-04-28T12:00:01Z', 'Africa/Cairo')).toEqual([
    '2023-04-28T01:00:00.000+03:00',
    '2023-04-29T00:00:00.000+03:00',
  ]);
});

test('a day that a zone left out is no bucket', () => {
  expect(written('1d', '2011-12-29T12:00:00Z', '2011-12-31T12:00:00Z', 'Pacific/Apia')).toEqual([
    '2011-12-29T00:00:00.000-10:00',
    '2011-12-31T00:00:00.000+14:00',
    '2012-01-01T00:00:00.000+14:00',
    '2012-01-02T00:00:00.000+14:00',
  ]);
});

test('weeks begin on Monday, months and quarters on the first, also before 1970', () => {
  expect(written('1w', '2026-11-01T12:00:00Z', '2026-11-02T00:00:00Z', 'UTC')).toEqual([
    '2026-10-26T00:00:00.000Z',
    '2026-11-02T00:00:00.000Z',
  ]);
  expect(written('1M', '1969-12-31T23:59:59Z', '1970-01-01T00:00:01Z', 'UTC')).toEqual([
    '1969-12-01T00:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
    '1970-02-01T00:00:00.000Z',
  ]);
  expect(written('3M', '2026-11-01T12:00:00Z', '2026-11-02T00:00:00Z', 'Asia/Kolkata')).toEqual([
    '2026-10-01T00:00:00.000+05:30',
    '2027-01-01T00:00:00.000+05:30',
  ]);
  expect(written('10y', '1900-01-01T00:00:00Z', '1900-01-01T00:00:01Z', 'UTC')).toEqual([
    '1900-01-01T00:00:00.000Z',
    '1910-01-01T00:00:00.000Z',
  ]);
});

test('every interval covers the time asked for without a hole, in any zone', () => {
  for (const zoneName of [
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    '+05:45',
  ]) {
    const zone = zoneOf(zoneName);
    for (const name of intervalNames) {
      for (const fromMs of [
        Date.UTC(2026, 9, 24, 22, 59, 59, 999),
        Date.UTC(1945, 3, 1, 5),
        -1,
        Date.UTC(2011, 11, 30, 10),
      ]) {
        for (const length of [1, 1000, 200_000, 13 * HOUR, 60 * 24 * HOUR, 5 * 365 * 24 * HOUR]) {
          const toMs = fromMs + length;
          const found = bucketStarts(name, fromMs, toMs, zone);
          if (found === undefined) continue;
          const { endMs, starts } = found;
          const label = `${name} ${zoneName} ${fromMs} ${length}`;
          expect(starts[0], label).toBeLessThanOrEqual(fromMs);
          expect(starts[1] ?? endMs, label).toBeGreaterThan(fromMs);
          expect(starts.at(-1), label).toBeLessThan(toMs);
          expect(endMs, label).toBeGreaterThanOrEqual(toMs);
          expect(
            [...new Set(starts)].sort((a, b) => a - b),
            label,
          ).toEqual(starts);
        }
      }
    }
  }
});

test('the automatic interval gives few buckets, and always some', () => {
  const zone = zoneOf('Europe/Berlin');
  for (const length of [0, 1, 1000, 60_000, HOUR, 24 * HOUR, 90 * 24 * HOUR, 400 * 365 * 24 * HOUR]) {
    const fromMs = Date.UTC(1900, 0, 1);
    const found = bucketStarts(automaticInterval(fromMs, fromMs + length), fromMs, fromMs + length, zone);
    expect(found?.starts.length).toBeGreaterThan(0);
    expect(found?.starts.length).toBeLessThanOrEqual(200);
  }
  expect(automaticInterval(0, 90 * 24 * HOUR)).toBe('12h');
  expect(openZone('Europe/Nowhere')).toBeUndefined();
});
