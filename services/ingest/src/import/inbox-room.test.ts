import { expect, test } from 'vitest';
import { createInboxRoom } from './inbox-room.ts';

test('what waits and what arrives at the same time have one bound', async () => {
  let held = 10;
  const room = createInboxRoom(100);
  const enter = () => room('one', () => Promise.resolve(held));
  const [first, second] = [enter(), enter()];
  expect(await first.piece(50)).toBe(true);
  expect(await second.piece(40)).toBe(true);
  expect(await second.piece(1)).toBe(false);
  second.end();
  expect(await first.piece(30)).toBe(true);
  const third = enter();
  expect(await third.piece(11)).toBe(false);
  third.end();
  const fourth = enter();
  expect(await fourth.piece(5)).toBe(true);
  // At rest now, and seen by those that still arrive.
  held += 80;
  first.end();
  expect(await fourth.piece(5)).toBe(true);
  expect(await fourth.piece(1)).toBe(false);
  fourth.end();
  // Taken.
  held = 0;
  expect(await enter().piece(100)).toBe(true);
  expect(await room('another', () => Promise.resolve(0)).piece(100)).toBe(true);
});
