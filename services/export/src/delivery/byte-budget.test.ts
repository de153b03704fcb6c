import { expect, test } from 'vitest';
import { createByteBudget } from './byte-budget.ts';

const never = new AbortController().signal;

/** Lets everything happen that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('who does not fit waits until there is room, in order', async () => {
  const budget = createByteBudget(10);
  const log: string[] = [];
  const take = (name: string, bytes: number): Promise<() => void> =>
    budget.take(name, bytes, never).then((give) => {
      log.push(name);
      return give;
    });
  const first = await take('first', 8);
  const second = take('second', 5);
  const third = take('third', 1);
  await settle();
  // It would fit, but the others came before.
  expect(budget.tryTake('fourth', 1)).toBeUndefined();
  expect(log).toEqual(['first']);
  first();
  first();
  await settle();
  expect(log).toEqual(['first', 'second', 'third']);
  (await second)();
  (await third)();
  budget.tryTake('fourth', 10)?.();
  expect(budget.tryTake('fourth', 10)).toBeDefined();
});

test('more than all of it has room when nobody has any', async () => {
  const budget = createByteBudget(10);
  const huge = await budget.take('a', 100, never);
  const small = budget.take('b', 1, never);
  huge();
  (await small)();
});

test('who gives up does not keep the others waiting', async () => {
  const budget = createByteBudget(10);
  const first = await budget.take('a', 8, never);
  const gone = new AbortController();
  const second = budget.take('b', 9, gone.signal);
  const third = budget.take('c', 2, never);
  gone.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  (await third)();
  first();
  (await budget.take('d', 10, never))();
});

test('an owner whose receivers are slow has half of it, and keeps no other waiting', async () => {
  const budget = createByteBudget(10);
  const log: string[] = [];
  const take = (owner: string, bytes: number): Promise<() => void> =>
    budget.take(owner, bytes, never).then((give) => {
      log.push(`${owner} ${bytes}`);
      return give;
    });
  const first = await take('slow', 4);
  void take('slow', 2);
  // It would fit into the half, but his other one came before.
  void take('slow', 1);
  await settle();
  expect(budget.tryTake('slow', 1)).toBeUndefined();
  const other = budget.tryTake('other', 3);
  expect(other).toBeDefined();
  // Whom nothing but the whole keeps waiting, those behind him wait for.
  void take('third', 5);
  await settle();
  expect(budget.tryTake('fourth', 1)).toBeUndefined();
  expect(log).toEqual(['slow 4']);
  other?.();
  await settle();
  expect(log).toEqual(['slow 4', 'third 5']);
  first();
  await settle();
  expect(log).toEqual(['slow 4', 'third 5', 'slow 2', 'slow 1']);
});

test('more than the half has room for an owner who has none', async () => {
  const budget = createByteBudget(10);
  const give = budget.tryTake('a', 9);
  expect(give).toBeDefined();
  expect(budget.tryTake('b', 1)).toBeDefined();
  give?.();
  expect(budget.tryTake('a', 9)).toBeDefined();
});
