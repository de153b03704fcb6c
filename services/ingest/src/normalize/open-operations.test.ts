import { expect, test } from 'vitest';
import { createOpenOperations } from './open-operations.ts';

test('a beginning is remembered until its end, which forgets it', () => {
  const open = createOpenOperations<string>();
  open.begin('a', 'first', 0);
  expect(open.peek('a')).toBe('first');
  expect(open.size).toBe(1);
  expect(open.end('a')).toBe('first');
  expect(open.end('a')).toBeUndefined();
  expect(open.size).toBe(0);
});

test('one with the same key replaces it, and counts as begun then', () => {
  const open = createOpenOperations<string>({ windowMs: 10 });
  open.begin('a', 'old', 0);
  open.begin('b', 'other', 5);
  open.begin('a', 'new', 12);
  open.expire(20);
  expect([open.peek('a'), open.peek('b'), open.size]).toEqual(['new', undefined, 1]);
});

test('what began longer ago than the window is forgotten, at times of the log', () => {
  const open = createOpenOperations<string>({ windowMs: 10 });
  open.begin('a', 'x', 100);
  open.expire(110);
  expect(open.size).toBe(1);
  open.expire(111);
  expect(open.size).toBe(0);
});

test('beyond the bound the oldest is forgotten', () => {
  const open = createOpenOperations<number>({ maxOperations: 2 });
  for (const number of [1, 2, 3]) open.begin(String(number), number, number);
  expect([open.peek('1'), open.peek('2'), open.peek('3')]).toEqual([undefined, 2, 3]);
  open.clear();
  expect(open.size).toBe(0);
});
