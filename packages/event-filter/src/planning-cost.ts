/**
 * What a test costs the engine to plan, before it looks at any event: about milliseconds of one core, as measured with 8
 * to 128 such tests in one filter (docs/decisions/0009). Not the cost of reading, which limits of queries bound.
 */
import { columnOf, isEventTime, isTags } from './sql/columns.ts';
import type { FilterTest, FilterValue, Path } from './filter.ts';
import { parsePhrases } from './words.ts';

/** Of one filter. Bounds what a filter of 8 KiB may occupy, which no limit of the engine stops while it plans. */
export const maxPlanningCost = 1500;

const WORD = 40;
const WITHIN = 120;
const TIME = 35;
const PATH = 8;
const COLUMN = 3;

export function planningCost(test: FilterTest): number {
  switch (test.kind) {
    case 'words': {
      const phrases = parsePhrases(test.text);
      return typeof phrases === 'string' ? WORD : phrases.flat().length * WORD;
    }
    case 'within':
      return WITHIN;
    case 'compare':
      return costOfPath(test.path) + costOfValue(test.path, test.value);
    case 'in':
      // Texts and numbers are looked up at once.
      return test.values
        .filter(({ kind }) => kind === 'time')
        .reduce((sum, value) => sum + costOfValue(test.path, value), costOfPath(test.path) + PATH);
    default:
      return costOfPath(test.path);
  }
}

function costOfPath(path: Path): number {
  return columnOf(path) !== undefined || isTags(path) || isEventTime(path) ? COLUMN : PATH;
}

function costOfValue(path: Path, { kind }: FilterValue): number {
  if (kind === 'time') return isEventTime(path) ? COLUMN : TIME;
  return kind === 'number' ? PATH : 0;
}
