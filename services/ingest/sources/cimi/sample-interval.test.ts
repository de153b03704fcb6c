import { expect, test } from 'vitest';
import { fold } from './document.ts';
import { intervalOf } from './sample-interval.ts';

const END_MS = Date.UTC(2026, 2, 31, 10);

test.each([
  ['PT1H', '2026-03-31T09:00:00.000Z'],
  ['PT90M', '2026-03-31T08:30:00.000Z'],
  ['PT0.5S', '2026-03-31T09:59:59.500Z'],
  ['P1D', '2026-03-30T10:00:00.000Z'],
  ['P1W', '2026-03-24T10:00:00.000Z'],
  ['P1M', '2026-02-28T10:00:00.000Z'],
  ['P1Y2DT1H', '2025-03-29T09:00:00.000Z'],
  ['hourly', '2026-03-31T09:00:00.000Z'],
  ['Daily', '2026-03-30T10:00:00.000Z'],
  ['weekly', '2026-03-24T10:00:00.000Z'],
  ['monthly', '2026-02-28T10:00:00.000Z'],
  ['yearly', '2025-03-31T10:00:00.000Z'],
])('an interval of %s begins at %s', (duration, start) => {
  const meter = fold({ timeScope: 'Interval', intervalDuration: duration });
  expect(intervalOf(meter, END_MS)).toEqual({ start, end: '2026-03-31T10:00:00.000Z', duration });
});

test.each([
  [{ timeScope: 'Point', intervalDuration: 'PT1H' }],
  [{ timeScope: 'Interval' }],
  [{ timeScope: 'Interval', intervalDuration: 'P' }],
  [{ timeScope: 'Interval', intervalDuration: 'an hour' }],
  [{ timeScope: 'Interval', intervalDuration: 'P9999Y' }],
])('%j has none', (meter) => {
  expect(intervalOf(fold(meter), END_MS)).toBeUndefined();
});
