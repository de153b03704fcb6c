import { expect, test } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

function shifted(queue: { shift(): string | undefined }): readonly string[] {
  const items: string[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

test('owners take turns, each with its items in order', () => {
  const queue = createFairQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.push(item[0] ?? '', item);
  expect(shifted(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('one who comes later is before one who had a turn', () => {
  const queue = createFairQueue<string>();
  for (const item of ['a1', 'a2', 'a3']) queue.push('a', item);
  expect(queue.shift()).toBe('a1');
  queue.push('b', 'b1');
  expect(shifted(queue)).toEqual(['b1', 'a2', 'a3']);
});

test('what is taken out or emptied does not come', () => {
  const queue = createFairQueue<string>();
  for (const item of ['a1', 'a2', 'b1']) queue.push(item[0] ?? '', item);
  expect([queue.remove('a1'), queue.remove('a1')]).toEqual([true, false]);
  expect(queue.drain()).toEqual(['a2', 'b1']);
  expect(queue.shift()).toBeUndefined();
});
