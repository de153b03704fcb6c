/** What the typed columns tell of a filter. */
import type { Filter, FilterTest, FilterValue, Path } from '../filter.ts';
import type { Bind } from './bind.ts';
import { allOf, anyOf, exactly, opposite, UNKNOWN } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { columnOf, IS_ODD, isEventTime, isTags } from './columns.ts';
import type { TextColumn } from './columns.ts';
import { eventWordsBounds } from './event-words.ts';
import { leafTest } from './leaf-test.ts';
import type { LeafTest, PlainTest } from './leaf-test.ts';
import { phraseTest } from './words-test.ts';
import { parsePhrases } from '../words.ts';

/** The column of the event time is clamped to 1900 to 2299; nearer than a year to that it is not asked. */
const LEAST_MS = Date.UTC(1901, 0, 1);
const GREATEST_MS = Date.UTC(2298, 0, 1);

/** In place of it the store puts which rows are asked at all; without that, all are. */
const AMONG = '1 /* among */';

export function columnBounds(filter: Filter, bind: Bind): Bounds {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.terms.map((term) => columnBounds(term, bind)));
    case 'or':
      return anyOf(filter.terms.map((term) => columnBounds(term, bind)));
    case 'not':
      return opposite(columnBounds(filter.term, bind));
    default:
      return boundsOfTest(filter, bind);
  }
}

function boundsOfTest(test: FilterTest, bind: Bind): Bounds {
  switch (test.kind) {
    case 'words':
      return wordsBounds(test.path, test.text, bind);
    case 'exists':
      return exists(test.path);
    case 'compare': {
      if (test.operator === '!=') return opposite(boundsOfTest({ ...test, operator: '=' }, bind));
      if (test.value.kind === 'null') return opposite(exists(test.path));
      if (isEventTime(test.path)) return timeTest(test.operator, test.value, bind);
      return someLeaf(test, bind);
    }
    case 'in': {
      const rest = test.values.filter((value) => value.kind !== 'null');
      const absent = rest.length < test.values.length ? [opposite(exists(test.path))] : [];
      if (isEventTime(test.path))
        return anyOf([...rest.map((value) => timeTest('=', value, bind)), ...absent]);
      return anyOf([...(rest.length === 0 ? [] : [someLeaf({ ...test, values: rest }, bind)]), ...absent]);
    }
    default:
      return someLeaf(test, bind);
  }
}

/** Words at a path are words of the event; a column is one leaf, which has to have all of them. */
function wordsBounds(path: Path | undefined, text: string, bind: Bind): Bounds {
  const phrases = parsePhrases(text);
  if (typeof phrases === 'string') throw new RangeError(phrases);
  const column = path === undefined ? undefined : columnOf(path);
  if (column !== undefined) {
    const passes = phrases.map((words) => phraseTest(words, bind)(column.sql)).join(' AND ');
    return column.always ? exactly(`(${passes})`) : unlessOdd(`(${passes})`, isBlankAndOdd(column));
  }
  const event = eventWordsBounds(phrases, bind);
  return path === undefined ? event : { ...event, sufficient: undefined, undecided: event.necessary ?? '1' };
}

/** Every row has an event time, and the column orders as the instants do. */
function timeTest(operator: string, value: FilterValue, bind: Bind): Bounds {
  if (value.kind !== 'time' || value.ms < LEAST_MS || value.ms > GREATEST_MS) return UNKNOWN;
  return exactly(`(event_time ${operator} fromUnixTimestamp64Milli(${bind('Int64', value.ms)}, 'UTC'))`);
}

function exists(path: Path): Bounds {
  if (isEventTime(path)) return exactly('1');
  if (isTags(path)) return unlessOdd('notEmpty(tag_list)', IS_ODD);
  const column = columnOf(path);
  if (column === undefined) return UNKNOWN;
  if (column.always) return exactly('1');
  const present = `${column.sql} != ''`;
  return unlessOdd(present, isBlankAndOdd(column));
}

function someLeaf(test: PlainTest, bind: Bind): Bounds {
  if (isTags(test.path)) {
    const passes = leafTest(test, bind)('v');
    return unlessOdd(`arrayExists(v -> ${passes}, tags)`, IS_ODD);
  }
  const column = columnOf(test.path);
  if (column === undefined) return UNKNOWN;
  const passes = columnTest(column, leafTest(test, bind), isDear(test));
  return column.always ? exactly(passes) : unlessOdd(passes, isBlankAndOdd(column));
}

/** A value that is in the column is the event's, odd or not. */
function unlessOdd(condition: string, odd: string): Bounds {
  return { necessary: `(${condition} OR ${odd})`, sufficient: `(${condition})`, undecided: odd };
}

function isBlankAndOdd({ sql }: TextColumn): string {
  return `(${sql} = '' AND ${IS_ODD})`;
}

function columnTest({ sql, dictionary }: TextColumn, test: LeafTest, dear: boolean): string {
  if (!dear || !dictionary) return `(${sql} != '' AND (${test(sql)}))`;
  // The engine finds the different values of a bare column three times as fast as those of an expression.
  const values = `(SELECT toString(w) AS v FROM (SELECT DISTINCT ${sql} AS w FROM events WHERE ${AMONG}))`;
  return `(${sql} IN (SELECT arrayJoin(if(v != '' AND ${test('v')}, [v], [])) FROM ${values}))`;
}

function isDear(test: PlainTest): boolean {
  switch (test.kind) {
    case 'prefix':
      return false;
    case 'compare':
      return isReading(test.value);
    case 'in':
      return test.values.some(isReading);
    default:
      return true;
  }
}

function isReading({ kind }: FilterValue): boolean {
  return kind === 'number' || kind === 'time';
}
