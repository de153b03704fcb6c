import { expect, test } from 'vitest';
import { exactTime, guessedTime, isUsableTime } from './event-time.ts';

test('times from 1970 up to and without 2300 can be of events', () => {
  const isUsable = (text: string): boolean => isUsableTime(exactTime(Date.parse(text)));
  expect(isUsable('1970-01-01T00:00:00Z')).toBe(true);
  expect(isUsable('2299-12-31T23:59:59.999Z')).toBe(true);
  expect(isUsable('1969-12-31T23:59:59.999Z')).toBe(false);
  expect(isUsable('2300-01-01T00:00:00Z')).toBe(false);
  expect(isUsable('no time')).toBe(false);
  expect(isUsableTime(guessedTime(Number.POSITIVE_INFINITY, 'year'))).toBe(false);
});

test('only a guessed time says what was guessed', () => {
  expect(exactTime(5)).toEqual({ epochMs: 5 });
  expect(guessedTime(5, 'zone')).toEqual({ epochMs: 5, guessed: 'zone' });
});
