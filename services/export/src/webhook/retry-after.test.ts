import { expect, test } from 'vitest';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7000],
  ['86400', MAX_RETRY_AFTER_MS],
  ['99999999999999', MAX_RETRY_AFTER_MS],
  ['9'.repeat(20), MAX_RETRY_AFTER_MS],
  ['9'.repeat(400), MAX_RETRY_AFTER_MS],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
  ['Sunday, 22-Nov-26 12:00:30 GMT', 30_000],
  ['Sun Nov 22 12:00:30 2026', 30_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['Sun, 22 Nov 2037 12:00:30 GMT', MAX_RETRY_AFTER_MS],
])('"%s" is %d ms', (text, ms) => {
  expect(retryAfterMs(text, now)).toBe(ms);
});

test.each([
  undefined,
  '',
  '-1',
  '1.5',
  'soon',
  '1e3',
  '2026-11-22T12:00:30Z',
  'Sun, 99 Nov 2026 12:00:30 GMT',
])('"%s" says nothing', (text) => {
  expect(retryAfterMs(text, now)).toBeUndefined();
});
