import { expect, test } from 'vitest';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { readTime } from './times.ts';

test.each([
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z', undefined],
  ['\n 2013-08-25T10:00:00.0Z ', '2013-08-25T10:00:00.000Z', undefined],
  ['2026-11-20T10:00:00', '2026-11-20T10:00:00.000Z', 'zone'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z', 'time'],
  ['Fri Feb 08 15:25:41 UTC 2013', '2013-02-08T15:25:41.000Z', undefined],
  ['Fri Feb 08 15:25:41 EET 2013', '2013-02-08T15:25:41.000Z', 'zone'],
  ['Fri Feb  8 15:25:41 2013', '2013-02-08T15:25:41.000Z', 'zone'],
])('%s is %s', (written, iso, guessed) => {
  const time = readTime(written, createLocalClock());
  expect(new Date(time?.epochMs ?? 0).toISOString()).toBe(iso);
  expect(time?.guessed).toBe(guessed);
});

test('times without a zone are in the zone of the settings', () => {
  const clock = createLocalClock('+02:00');
  expect(readTime('Fri Feb 08 15:25:41 EET 2013', clock)).toEqual({
    epochMs: Date.UTC(2013, 1, 8, 13, 25, 41),
  });
});

test('what is no time is none', () => {
  for (const written of [
    'soon',
    '',
    '2026-02-30',
    'Fri Feb 31 15:25:41 UTC 2013',
    undefined,
    {},
    'x'.repeat(99),
  ])
    expect(readTime(written, createLocalClock())).toBeUndefined();
});
