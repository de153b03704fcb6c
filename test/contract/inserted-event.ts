import { testEvent } from '../support/events.ts';
import type { TestEvent } from '../support/events.ts';

/** The event a test stores at an offset: every third is the final version of the pending one before. */
export function insertedEvent(offset: number): TestEvent {
  const final = offset % 3 === 2;
  return testEvent({
    id: `event-${final ? offset - 1 : offset}`,
    outcome: offset % 3 === 1 ? 'pending' : 'success',
    eventTime: new Date(Date.UTC(2026, 10, 1) + offset).toISOString().replace('Z', '+00:00'),
  });
}

/** How many events are left of versions 0 to `next`, merged. */
export function mergedCount(next: number): number {
  return next - Math.floor(next / 3);
}
