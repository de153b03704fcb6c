import { expect, test } from 'vitest';
import { createRunSlots } from './run-slots.ts';

const { signal } = new AbortController();

/** Takes all, each giving its slot back when it is told to; answers the order in which they got one. */
async function orderOf(maxRuns: number, ids: readonly string[]): Promise<readonly string[]> {
  const slots = createRunSlots(maxRuns, (id) => id.slice(0, 1));
  const order: string[] = [];
  const running: (() => void)[] = [];
  for (const id of ids)
    void slots.take(id, signal).then((free) => {
      order.push(id);
      running.push(free);
    });
  while (order.length < ids.length) {
    await new Promise(setImmediate);
    running.shift()?.();
  }
  return order;
}

test('owners take turns, and what is of one owner comes in the order of its ids', async () => {
  expect(await orderOf(1, ['a1', 'a3', 'a2', 'b2', 'b1', 'c1'])).toEqual([
    'a1',
    'b1',
    'c1',
    'a2',
    'b2',
    'a3',
  ]);
});

test('who has all slots waits until others have had one', async () => {
  expect(await orderOf(2, ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'])).toEqual([
    'a1',
    'a2',
    'b1',
    'c1',
    'a3',
    'b2',
    'a4',
  ]);
});
