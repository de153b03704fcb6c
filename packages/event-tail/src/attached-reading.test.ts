import { expect, test } from 'vitest';
import { createAttachedReading } from './attached-reading.ts';
import type { AttachedReading, QueueBudget } from './attached-reading.ts';
import type { FollowOptions } from './interface.ts';
import { createMatcher } from './matcher.ts';
import { createReadingProgress } from './reading-progress.ts';
import { TailedEvent } from './tailed-event.ts';
import { createWake } from './wake.ts';

function attach(budget: QueueBudget): AttachedReading {
  const options: FollowOptions = {
    from: { next: new Map() },
    scope: () => ({ tenants: '*' }),
    signal: new AbortController().signal,
  };
  const matcher = createMatcher(options);
  matcher.refresh();
  const progress = createReadingProgress(options);
  return createAttachedReading(options, { matcher, progress, wake: createWake(), budget });
}

function offer(reading: AttachedReading, count: number, bytes: number): void {
  const text = Buffer.alloc(bytes, ' ');
  for (let offset = 0; offset < count; offset++) {
    const event = new TailedEvent({ partition: 0, offset, receivedMs: 0, place: 0, source: 's', text });
    event.number = 100 + offset;
    reading.offer(event);
  }
}

test.each([
  ['events', 1_001, 10],
  ['bytes', 6, 1024 * 1024],
])('a reading with too many %s waiting is let go, and keeps nothing', (_, count, bytes) => {
  const budget = { bytes: 0, readings: 0 };
  const reading = attach(budget);
  offer(reading, count, bytes);
  expect(reading.isAttached).toBe(false);
  expect(reading.behindFrom).toBe(100);
  expect(reading.take({ events: 10, bytes: 10_000 })).toEqual([]);
  expect(budget).toEqual({ bytes: 0, readings: 0 });
});

test('what was taken does not count', () => {
  const budget = { bytes: 0, readings: 0 };
  const reading = attach(budget);
  offer(reading, 900, 10);
  expect(reading.take({ events: 400, bytes: 1_000 })).toHaveLength(100);
  expect(reading.take({ events: 400, bytes: 100_000 })).toHaveLength(400);
  expect(budget.bytes).toBe(4_000);
  reading.letGo();
  expect(budget).toEqual({ bytes: 0, readings: 0 });
});

test('where all readings together hold too much, those go first that hold more than their share', () => {
  const budget = { bytes: 0, readings: 0 };
  const readings = Array.from({ length: 100 }, () => attach(budget));
  for (const reading of readings.slice(0, 64)) offer(reading, 4, 1024 * 1024);
  for (const reading of readings.slice(64, 70)) offer(reading, 2, 1024 * 1024);
  expect(budget.bytes).toBeGreaterThan(256 * 1024 * 1024);
  const [greedy, modest] = [readings[0], readings[99]];
  if (greedy === undefined || modest === undefined) throw new Error('no readings');
  modest.offer(
    new TailedEvent({ partition: 0, offset: 9, receivedMs: 0, place: 0, source: 's', text: Buffer.alloc(9) }),
  );
  greedy.offer(
    new TailedEvent({ partition: 0, offset: 9, receivedMs: 0, place: 0, source: 's', text: Buffer.alloc(9) }),
  );
  expect(modest.isAttached).toBe(true);
  expect(greedy.isAttached).toBe(false);
});
