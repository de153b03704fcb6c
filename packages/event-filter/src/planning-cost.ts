/**
 * What a test costs the engine to plan, before it looks at any event: about milliseconds of one core, as measured with 8
 * to 128 such tests in one filter (docs/decisions/0009). Not the cost of reading, which limits of queries bound.
 */
import { columnOf, isEventTime, isTags } from './sql/columns.ts';
import type { FilterTest, FilterValue, Path, Placeholder } from './filter.ts';
import { parsePhrases } from './words.ts';

/** Of one filter. Bounds what a filter of 8 KiB may occupy, which no limit of the engine stops while it plans. */
export const maxPlanningCost = 1500;
/** Said of the test with which a filter exceeds it. */
export const TOO_DEAR =
  "with this test the filter asks too much at once: write texts as one list (path in ('a', 'b')), and ask the rest in several filters";

const WORD = 40;
const WITHIN = 120;
const TIME = 35;
const PATH = 8;
/** A name after the first, where no column stands for the path: each is a query inside the one before. */
const STEP = 10;
/** By the square of the number of such names: inner queries are gone through again. 60 names take 1,263 ms, 80 2,155. */
const NESTING = 0.2;
/** The same of fields that are counted by, whose names all nest: 80 in ten paths take 1,788 ms, 160 7,405. */
const FIELD_NAME = 12;
const RANGE = 3;
const COLUMN = 3;

/** A placeholder counts the least that can stand for it: what is bound is counted once more. */
export function planningCost(test: FilterTest<Placeholder>): number {
  switch (test.kind) {
    case 'words': {
      const phrases = typeof test.text === 'string' ? parsePhrases(test.text) : '';
      const path = test.path === undefined ? 0 : costOfPath(test.path);
      return path + (typeof phrases === 'string' ? 1 : phrases.flat().length) * WORD;
    }
    case 'within':
      return costOfPath(test.path) + WITHIN;
    case 'cidr':
      return costOfPath(test.path) + ('kind' in test.ranges ? 1 : test.ranges.length) * RANGE;
    case 'compare':
      return costOfPath(test.path) + costOfValue(test.path, test.value);
    case 'in':
      // Texts and numbers are looked up at once.
      return ('kind' in test.values ? [] : test.values)
        .filter(({ kind }) => kind === 'time')
        .reduce((sum, value) => sum + costOfValue(test.path, value), costOfPath(test.path) + PATH);
    default:
      return costOfPath(test.path);
  }
}

/** What it costs to plan the values at paths that no column stands for (`sqlValues`), in the same measure. */
export function valuesPlanningCost(paths: readonly Path[]): number {
  const names = paths.reduce((sum, path) => sum + path.length, 0);
  return FIELD_NAME * names + NESTING * names ** 2;
}

function costOfPath(path: Path): number {
  return columnOf(path) !== undefined || isTags(path) || isEventTime(path)
    ? COLUMN
    : PATH + (path.length - 1) * STEP + NESTING * (path.length - 1) ** 2;
}

function costOfValue(path: Path, { kind }: FilterValue | Placeholder): number {
  if (kind === 'time') return isEventTime(path) ? COLUMN : TIME;
  return kind === 'number' ? PATH : 0;
}
