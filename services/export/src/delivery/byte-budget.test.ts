import { expect, test } from 'vitest';
import { createByteBudget } from './byte-budget.ts';

const never = new AbortController().signal;

/** Lets everything happen that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('who does not fit waits until there is room, in order', async () => {
  const budget = createByteBudget(10);
  const log: string[] = [];
  const take = (name: string, bytes: number): Promise<() => void> =>
    budget.take(bytes, never).then((give) => {
      log.push(name);
      return give;
    });
  const first = await take('first', 8);
  const second = take('second', 5);
  const third = take('third', 1);
  await settle();
  // It would fit, but the others came before.
  expect(budget.tryTake(1)).toBeUndefined();
  expect(log).toEqual(['first']);
  first();
  first();
  await settle();
  expect(log).toEqual(['first', 'second', 'third']);
  (await second)();
  (await third)();
  budget.tryTake(10)?.();
  expect(budget.tryTake(10)).toBeDefined();
});

test('more than all of it has room when nobody has any', async () => {
  const budget = createByteBudget(10);
  const huge = await budget.take(100, never);
  const small = budget.take(1, never);
  huge();
  (await small)();
});

test('who gives up does not keep the others waiting', async () => {
  const budget = createByteBudget(10);
  const first = await budget.take(8, never);
  const gone = new AbortController();
  const second = budget.take(9, gone.signal);
  const third = budget.take(2, never);
  gone.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  (await third)();
  first();
  (await budget.take(10, never))();
});
