import { expect, test } from 'vitest';
import { guessDate } from './guess-date.ts';

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

test.each(['', 'Foo 12 10:00:00', 'Jan 32 10:00:00', '25:00:00', '10:61:00', 'Feb 30 10:00:00', 'yesterday'])(
  '"%s" is no time',
  (written) => {
    expect(guessDate(written, received)).toBeUndefined();
  },
);
