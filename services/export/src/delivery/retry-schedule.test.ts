import { expect, test } from 'vitest';
import { createRetrySchedule } from './retry-schedule.ts';

const HOUR = 3_600_000;

/** When attempts are made, ms after the first, until it is parked. */
function attempts(schedule: ReturnType<typeof createRetrySchedule>): number[] {
  const times = [0];
  for (let failures = 1; failures < 100; failures++) {
    const next = schedule.next({ failures, firstAttemptMs: 0, nowMs: times.at(-1) ?? 0 });
    if (next === 'parked') return times;
    times.push(next);
  }
  throw new Error('never parked');
}

test('a batch is tried for three days, at growing pauses, the last time when they are over', () => {
  const times = attempts(createRetrySchedule({ random: () => 0.5 }));
  expect(times.slice(0, 5)).toEqual([0, 5000, 35_000, 335_000, 2_135_000]);
  expect(times.at(-1)).toBe(72 * HOUR);
  expect(times.length).toBe(11);
});

test('with every jitter it is three days, and no pause is a tenth off', () => {
  for (const random of [0, 0.25, 0.999]) {
    const times = attempts(createRetrySchedule({ random: () => random }));
    expect(times.at(-1)).toBe(72 * HOUR);
    expect(times[1]).toBeGreaterThanOrEqual(4500);
    expect(times[1]).toBeLessThanOrEqual(5500);
  }
});

test('what the receiver asks for is honoured, up to a day, also when it goes past the three', () => {
  const schedule = createRetrySchedule({ random: () => 0.5 });
  const failed = { failures: 1, firstAttemptMs: 0, nowMs: 1000 };
  expect(schedule.next({ ...failed, retryAfterMs: 120_000 })).toBe(121_000);
  expect(schedule.next({ ...failed, retryAfterMs: 1 })).toBe(6000);
  expect(schedule.next({ ...failed, retryAfterMs: 1000 * HOUR })).toBe(1000 + 24 * HOUR);
  const late = { failures: 9, firstAttemptMs: 0, nowMs: 71 * HOUR };
  expect(schedule.next(late)).toBe(72 * HOUR);
  expect(schedule.next({ ...late, retryAfterMs: 2 * HOUR })).toBe(73 * HOUR);
  expect(schedule.next({ ...late, nowMs: 73 * HOUR })).toBe('parked');
});
