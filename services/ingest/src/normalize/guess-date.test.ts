import { expect, test } from 'vitest';
import { guessDate } from './guess-date.ts';
import { createLocalClock } from './local-clock.ts';

const received = Date.parse('2027-01-02T00:30:00Z');
const iso = (written: string, receivedMs = received): string | undefined => {
  const found = guessDate(written, receivedMs);
  return found === undefined ? undefined : new Date(found).toISOString();
};

test('a date without a year is the latest that is not after arrival', () => {
  expect(iso('Jan  1 23:59:59')).toBe('2027-01-01T23:59:59.000Z');
  expect(iso('Dec 31 23:59:59')).toBe('2026-12-31T23:59:59.000Z');
  expect(iso('Jan 02 12:00:00.123456')).toBe('2027-01-02T12:00:00.123Z');
  expect(iso('Jan  4 12:00:00')).toBe('2026-01-04T12:00:00.000Z');
  expect(iso('Feb 29 12:00:00')).toBe('2024-02-29T12:00:00.000Z');
});

test('a record of New Year that a clock ahead of ours wrote is of the new year', () => {
  expect(iso('Jan  1 00:00:10', Date.parse('2026-12-31T23:50:00Z'))).toBe('2027-01-01T00:00:10.000Z');
});

test('a time without a date is of today, or of yesterday when it is still far ahead', () => {
  expect(iso('00:10:00')).toBe('2027-01-02T00:10:00.000Z');
  expect(iso('23:10:00')).toBe('2027-01-01T23:10:00.000Z');
});

test('where the zone is known, a time more than an hour ahead is of yesterday', () => {
  const noon = Date.parse('2027-01-02T12:00:00Z');
  const guessed = (written: string, zone?: string): string =>
    new Date(guessDate(written, noon, createLocalClock(zone)) ?? 0).toISOString();
  expect(guessed('21:32:21')).toBe('2027-01-02T21:32:21.000Z');
  expect(guessed('21:32:21', 'Asia/Tokyo')).toBe('2027-01-02T12:32:21.000Z');
  expect(guessed('21:32:21', 'Europe/Berlin')).toBe('2027-01-01T20:32:21.000Z');
  expect(guessed('13:30:00', 'Europe/Berlin')).toBe('2027-01-02T12:30:00.000Z');
});

test('a leap day is of the last leap year, a leap second of the day after', () => {
  expect(iso('Feb 29 10:00:00', Date.parse('2028-02-28T12:00:00Z'))).toBe('2028-02-29T10:00:00.000Z');
  expect(iso('Feb 29 10:00:00', Date.parse('2028-02-27T12:00:00Z'))).toBe('2024-02-29T10:00:00.000Z');
  expect(iso('Dec 31 23:59:60')).toBe('2027-01-01T00:00:00.000Z');
});

test('hours of the change of summer time are the earlier instant of the two', () => {
  const berlin = createLocalClock('Europe/Berlin');
  const guessed = (written: string): string =>
    new Date(guessDate(written, Date.parse('2026-11-21T12:00:00Z'), berlin) ?? 0).toISOString();
  expect(guessed('Oct 25 02:30:00')).toBe('2026-10-25T00:30:00.000Z');
  expect(guessed('Oct 25 03:30:00')).toBe('2026-10-25T02:30:00.000Z');
  expect(guessed('Mar 29 01:59:59')).toBe('2026-03-29T00:59:59.000Z');
  expect(guessed('Mar 29 03:00:00')).toBe('2026-03-29T01:00:00.000Z');
});

test('at New Year the year is that of the zone the machine stands in', () => {
  const guessed = (written: string, received: string, zone: string): string =>
    new Date(guessDate(written, Date.parse(received), createLocalClock(zone)) ?? 0).toISOString();
  expect(guessed('Jan  1 08:00:00', '2026-12-31T23:00:05Z', 'Asia/Tokyo')).toBe('2026-12-31T23:00:00.000Z');
  expect(guessed('Dec 31 19:00:00', '2027-01-01T00:00:05Z', 'America/New_York')).toBe(
    '2027-01-01T00:00:00.000Z',
  );
});

test.each(['', 'Foo 12 10:00:00', 'Jan 32 10:00:00', '25:00:00', '10:61:00', 'Feb 30 10:00:00', 'yesterday'])(
  '"%s" is no time',
  (written) => {
    expect(guessDate(written, received)).toBeUndefined();
  },
);
