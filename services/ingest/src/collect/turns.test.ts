import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('so many run at once, the others in the order they came', async () => {
  const turns = createTurns(2);
  const { signal } = new AbortController();
  const began: number[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    [1, 2, 3, 4, 5].map((one) =>
      turns
        .take(signal, async () => {
          began.push(one);
          most = Math.max(most, ++running);
          await later();
          running--;
          if (one === 3) throw new Error('of its own');
        })
        .catch(() => undefined),
    ),
  );
  expect([began, most, running]).toEqual([[1, 2, 3, 4, 5], 2, 0]);
});

test('who gives up does not keep the turn of the next one', async () => {
  const turns = createTurns(1);
  const [stay, leave] = [new AbortController(), new AbortController()];
  const done: string[] = [];
  const first = turns.take(stay.signal, later);
  const second = turns.take(leave.signal, async () => void done.push('second'));
  const third = turns.take(stay.signal, async () => void done.push('third'));
  leave.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  await Promise.all([first, third]);
  await expect(turns.take(leave.signal, later)).rejects.toThrow('given up');
  expect(done).toEqual(['third']);
});
