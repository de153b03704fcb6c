import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLocalClock, TimeZoneError } from './local-clock.ts';

/** The instant of a wall clock time, and whether it is certain. */
function instant(zone: string, wall: string): unknown[] {
  const { epochMs, certain } = createLocalClock(zone).toInstant(Date.parse(`${wall}Z`));
  return [new Date(epochMs).toISOString().slice(0, 19), certain];
}

test('without a zone it is UTC, and nothing is certain', () => {
  expect(createLocalClock().toInstant(5)).toEqual({ epochMs: 5, certain: false });
  expect(createLocalClock('').toWall(5)).toBe(5);
});

test.each([
  ['UTC', '2026-11-21T10:00:00', '2026-11-21T10:00:00'],
  ['+02:00', '2026-11-21T10:00:00', '2026-11-21T08:00:00'],
  ['-0330', '2026-11-21T10:00:00', '2026-11-21T13:30:00'],
  ['+05', '2026-11-21T10:00:00', '2026-11-21T05:00:00'],
  ['Europe/Berlin', '2026-11-21T10:00:00', '2026-11-21T09:00:00'],
  ['Europe/Berlin', '2026-07-21T10:00:00', '2026-07-21T08:00:00'],
  ['Asia/Kathmandu', '2026-07-21T10:00:00', '2026-07-21T04:15:00'],
  ['America/New_York', '2026-11-21T20:00:00', '2026-11-22T01:00:00'],
])('%s, %s is %s UTC', (zone, wall, iso) => {
  expect(instant(zone, wall)).toEqual([iso, true]);
});

test('an hour that comes twice is the earlier one, and not certain', () => {
  expect(instant('Europe/Berlin', '2026-10-25T01:59:59')).toEqual(['2026-10-24T23:59:59', true]);
  expect(instant('Europe/Berlin', '2026-10-25T02:00:00')).toEqual(['2026-10-25T00:00:00', false]);
  expect(instant('Europe/Berlin', '2026-10-25T02:59:59')).toEqual(['2026-10-25T00:59:59', false]);
  expect(instant('Europe/Berlin', '2026-10-25T03:00:00')).toEqual(['2026-10-25T02:00:00', true]);
  expect(instant('America/New_York', '2026-11-01T01:30:00')).toEqual(['2026-11-01T05:30:00', false]);
});

test('an hour that never comes is not certain', () => {
  expect(instant('Europe/Berlin', '2026-03-29T01:59:59')).toEqual(['2026-03-29T00:59:59', true]);
  expect(instant('Europe/Berlin', '2026-03-29T02:30:00')).toEqual(['2026-03-29T01:30:00', false]);
  expect(instant('Europe/Berlin', '2026-03-29T03:00:00')).toEqual(['2026-03-29T01:00:00', true]);
  expect(instant('America/New_York', '2026-03-08T02:30:00')[1]).toBe(false);
});

test('a change by half an hour, and one by a whole day', () => {
  expect(instant('Australia/Lord_Howe', '2026-04-05T01:45:00')[1]).toBe(false);
  expect(instant('Australia/Lord_Howe', '2026-04-05T01:15:00')[1]).toBe(true);
  expect(instant('Pacific/Apia', '2011-12-30T12:00:00')[1]).toBe(false);
  expect(instant('Pacific/Apia', '2011-12-31T12:00:00')).toEqual(['2011-12-30T22:00:00', true]);
});

test('what the wall shows at an instant is that instant again, unless it shows it twice', () => {
  const zone = fc.constantFrom(
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    '+03:00',
  );
  const ms = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2035, 0) });
  fc.assert(
    fc.property(zone, ms, (name, epochMs) => {
      const clock = createLocalClock(name);
      const back = clock.toInstant(clock.toWall(epochMs));
      if (back.certain) expect(back.epochMs).toBe(epochMs);
      else expect(clock.toWall(back.epochMs)).toBe(clock.toWall(epochMs));
    }),
    { numRuns: 300 },
  );
});

test.each(['Nowhere/City', '+2', '+02:', '+99:00', 'CEST ', '02:00'])('"%s" is no zone', (zone) => {
  expect(() => createLocalClock(zone)).toThrow(TimeZoneError);
});
