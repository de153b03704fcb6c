import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTimeWindows } from './time-windows.ts';
import type { TimeWindow } from './time-windows.ts';

it('windows are adjacent, in order, and cover all times there are events in', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
      fc.integer({ min: 0, max: 1e9 }),
      fc.integer({ min: 0, max: 1e12 }),
      fc.integer({ min: 1, max: 1e8 }),
      fc.option(fc.integer({ min: -1e9, max: 1e12 })),
      fc.option(fc.integer({ min: -1e9, max: 1e12 })),
      fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 5 }),
      fc.boolean(),
      (order, firstMs, length, rows, from, to, found, dear) => {
        const ends = { next: new Map(), rows, firstMs, lastMs: firstMs + length };
        const within = { fromMs: from ?? -Infinity, toMs: to ?? Infinity };
        const windows = createTimeWindows(within, order, ends, { isDear: dear });
        const all: TimeWindow[] = [];
        for (;;) {
          const window = windows.next(found[all.length] ?? 0, 100);
          if (window === undefined) break;
          all.push(window);
          expect(all.length).toBeLessThan(60);
        }
        if (order === 'desc') all.reverse();
        const low = Math.max(within.fromMs, firstMs);
        const high = Math.min(within.toMs, firstMs + length + 1);
        if (low >= high) {
          expect(all).toEqual([]);
          return;
        }
        expect(all[0]?.fromMs).toBe(low);
        expect(all.at(-1)?.toMs).toBe(high);
        for (let i = 1; i < all.length; i++) expect(all[i]?.fromMs).toBe(all[i - 1]?.toMs);
      },
    ),
  );
});

it('the first window holds some times the rows wanted, a fruitless one is followed by a much wider one', () => {
  const ends = { next: new Map(), rows: 1_000_000, firstMs: 0, lastMs: 1_000_000_000 };
  const windows = createTimeWindows({ fromMs: -Infinity, toMs: Infinity }, 'desc', ends);
  const first = windows.next(0, 100)!;
  expect(first.toMs - first.fromMs).toBe(400_001 - 1);
  const second = windows.next(0, 100)!;
  expect(second.toMs - second.fromMs).toBe(64 * 400_000);
  const third = windows.next(50, 50)!;
  expect(third.toMs - third.fromMs).toBe(4 * 64 * 400_000);
});

it('where asking is dear, all the rest follows a window with nothing in it', () => {
  const ends = { next: new Map(), rows: 1e7, firstMs: 0, lastMs: 1e9 };
  const windows = createTimeWindows({ fromMs: -Infinity, toMs: Infinity }, 'desc', ends, { isDear: true });
  const first = windows.next(0, 26);
  expect(windows.next(0, 26)).toEqual({ fromMs: 0, toMs: first?.fromMs });
  expect(windows.next(0, 26)).toBeUndefined();
});
