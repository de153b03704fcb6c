import { expect, test } from 'vitest';
import { createPendingBudget } from './pending.ts';

test('a budget refuses what would pass its limit, and takes it again when there is room', () => {
  const budget = createPendingBudget(100);
  budget.take(60);
  budget.take(40);
  expect(budget.now()).toEqual({ bytes: 100, limitBytes: 100 });
  expect(() => budget.take(1)).toThrow(
    expect.objectContaining({ code: 'STREAM_OVERLOADED', retryable: true }),
  );
  expect(budget.now().bytes).toBe(100);
  budget.give(60);
  budget.take(60);
});

test('a batch larger than the whole budget passes when nothing else waits, as it never could otherwise', () => {
  const budget = createPendingBudget(100);
  budget.take(500);
  expect(() => budget.take(1)).toThrow(expect.objectContaining({ code: 'STREAM_OVERLOADED' }));
  budget.give(500);
  expect(budget.now().bytes).toBe(0);
});
