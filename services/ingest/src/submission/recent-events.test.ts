import { expect, test } from 'vitest';
import { createRecentEvents } from './recent-events.ts';

test('an event is remembered by key and content', () => {
  const recent = createRecentEvents();
  recent.add('s/1', 'a');
  expect(recent.has('s/1', 'a')).toBe(true);
  expect(recent.has('s/1', 'b')).toBe(false);
  expect(recent.has('s/2', 'a')).toBe(false);
});

test('at least the last `capacity` events are remembered, and never more than twice as many', () => {
  const recent = createRecentEvents(10);
  for (let index = 0; index < 100; index++) recent.add(`s/${index}`, 'd');
  const known = Array.from({ length: 100 }, (_, index) => recent.has(`s/${index}`, 'd'));
  expect(known.slice(90).every(Boolean)).toBe(true);
  expect(known.filter(Boolean).length).toBeLessThanOrEqual(20);
});
