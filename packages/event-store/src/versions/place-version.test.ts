import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstVersion, placeVersion } from './place-version.ts';
import type { EventState } from './recent-keys.ts';

interface Row {
  readonly pending: boolean;
  readonly supersedes: number;
  readonly overrules: boolean;
  hidden: boolean;
}

/** What a reader sees: rows not hidden that no row names. */
function shown(rows: readonly Row[]): number[] {
  const gone = new Set(rows.map((row) => row.supersedes - 1));
  return rows.flatMap((row, offset) => (!row.hidden && !gone.has(offset) ? [offset] : []));
}

it('after every block exactly one version shows: the last final one, or the last when none is final', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      (blocks) => {
        const rows: Row[] = [];
        let state: EventState | undefined;
        blocks.forEach((block, number) => {
          const start = rows.length;
          for (const pending of block) {
            const offset = rows.length;
            const version = { offset, pending, hasChain: false };
            const placement =
              state === undefined ? firstVersion(pending) : placeVersion(state, version, number);
            rows.push({ ...placement });
            if (placement.withdraw >= 0) rows[start + placement.withdraw]!.hidden = true;
            state ??= {
              currentOffset: offset,
              currentRow: 0,
              block: number,
              pending,
              hasChain: false,
              digests: [],
            };
            if (!placement.hidden) {
              state.currentRow = offset - start;
              state.block = number;
            }
          }
          const lastFinal = rows.findLastIndex((row) => !row.pending);
          expect(shown(rows)).toEqual([lastFinal < 0 ? rows.length - 1 : lastFinal]);
          // What counting rests on: a row is named at most once, one that is named is not hidden, and `overrules` tells final ones.
          const named = rows.flatMap((row) => (row.supersedes > 0 ? [row.supersedes - 1] : []));
          expect(new Set(named).size).toBe(named.length);
          for (const row of rows.filter((each) => each.supersedes > 0)) {
            expect(rows[row.supersedes - 1]!.hidden).toBe(false);
            expect(row.overrules).toBe(!rows[row.supersedes - 1]!.pending);
          }
        });
      },
    ),
    { numRuns: 1000 },
  );
});
