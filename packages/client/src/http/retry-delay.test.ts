import { describe, expect, test } from 'vitest';
import { MAX_RETRY_AFTER_MS, readRetryAfter, retryDelayMs } from './retry-delay.ts';

describe('the pause before another attempt', () => {
  test('doubles up to its bound, and half of it is chance', () => {
    expect([1, 2, 3, 20].map((attempt) => retryDelayMs(attempt, 0, () => 1))).toEqual([
      250, 500, 1000, 30_000,
    ]);
    expect([1, 2, 3, 20].map((attempt) => retryDelayMs(attempt, 0, () => 0))).toEqual([
      125, 250, 500, 15_000,
    ]);
  });

  test('is never shorter than the service asked for, within reason', () => {
    expect(retryDelayMs(1, 5000, () => 0)).toBe(5125);
    expect(retryDelayMs(1, 1e12, () => 0)).toBe(MAX_RETRY_AFTER_MS + 125);
  });

  test.each([
    ['3', 3000],
    ['Sun, 22 Nov 2026 00:00:09 GMT', 9000],
    ['Sun, 22 Nov 2020 00:00:00 GMT', 0],
    ['999999999', MAX_RETRY_AFTER_MS],
    ['soon', undefined],
    ['-1', undefined],
    ['', undefined],
    [null, undefined],
  ])('Retry-After %s is %s ms', (header, expected) => {
    expect(readRetryAfter(header, Date.UTC(2026, 10, 22))).toBe(expected);
  });
});
