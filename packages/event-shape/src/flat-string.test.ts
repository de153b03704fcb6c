import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { flatCopy } from './flat-string.ts';

test('a copy is equal, whatever the characters', () => {
  for (const text of ['', 'a', 'é\u00ff', '漢字😀', '\ud800', '\u0000']) expect(flatCopy(text)).toBe(text);
});

test('a copied slice does not keep its parent in memory', async () => {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc !== 'function') throw new Error('no gc');
  gc();
  // Long strings made from buffers are kept outside of the heap.
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const before = used();
  const kept = Array.from({ length: 50 }, (_, i) =>
    flatCopy(
      Buffer.alloc(1 << 20, 97 + (i % 26))
        .toString('latin1')
        .slice(5, 45),
    ),
  );
  // Buffers are let go by another thread, whenever it has its turn.
  const left = (): number => {
    gc();
    return used() - before;
  };
  await expect.poll(left, { timeout: 20_000 }).toBeLessThan(25 << 20);
  expect(kept[1]).toBe('b'.repeat(40));
});
