import { expect, test } from 'vitest';
import { createHistoryTurns } from './history-turns.ts';
import type { HistoryTurn } from './history-turns.ts';

const { signal } = new AbortController();
const nothing = (): void => undefined;

async function given(turn: Promise<HistoryTurn | undefined>): Promise<HistoryTurn> {
  const found = await turn;
  if (found === undefined) throw new Error('no turn was given');
  return found;
}

test('no more than the limit read at a time; the others have their turn in the order of asking', async () => {
  const turns = createHistoryTurns(2);
  const order: string[] = [];
  const ask = async (name: string): Promise<HistoryTurn> => {
    const turn = await given(turns.take(signal, nothing));
    order.push(name);
    return turn;
  };
  const first = await ask('a');
  await ask('b');
  const third = ask('c');
  const fourth = ask('d');
  await Promise.resolve();
  expect(order).toEqual(['a', 'b']);
  first.end();
  first.end();
  (await third).end();
  await fourth;
  expect(order).toEqual(['a', 'b', 'c', 'd']);
});

test('a turn whose caller is busy is taken away when another asks, and only then', async () => {
  const turns = createHistoryTurns(1);
  const taken: string[] = [];
  const first = await given(turns.take(signal, () => taken.push('first')));
  first.idle();
  expect(first.resume()).toBe(true);
  first.idle();
  const second = await given(turns.take(signal, () => taken.push('second')));
  expect(taken).toEqual(['first']);
  expect(first.resume()).toBe(false);
  first.end();
  expect(second.resume()).toBe(true);
});

test('a turn that becomes idle goes to the one who waits', async () => {
  const turns = createHistoryTurns(1);
  const first = await given(turns.take(signal, nothing));
  const second = turns.take(signal, nothing);
  first.idle();
  await given(second);
  expect(first.resume()).toBe(false);
});

test('one who gives up waiting is not given a turn', async () => {
  const turns = createHistoryTurns(1);
  const first = await given(turns.take(signal, nothing));
  const giveUp = new AbortController();
  const second = turns.take(giveUp.signal, nothing);
  const third = turns.take(signal, nothing);
  giveUp.abort();
  expect(await second).toBeUndefined();
  first.end();
  expect(await third).toBeDefined();
});
