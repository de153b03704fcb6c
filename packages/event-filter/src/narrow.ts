/**
 * Syntax tree to a ClickHouse condition that leaves out only rows the filter cannot pass, over the typed columns of the
 * store's `events` table (deploy/clickhouse). The table holds no JSON text to ask, so that a row it lets through is
 * still to be asked with `compilePredicate`; what it does is keep the engine from reading the others.
 *
 * A text column says '' for what is absent, empty, or not a text (a list, an object): then it says nothing. Numbers
 * stand there as the event wrote them (`2e2`), so text that looks like one is not asked for. Columns of initiator,
 * target and observer are not used: they hold what a reference points at, the filter asks what the event says.
 */
import type { Filter, FilterTest, FilterValue, Path } from './filter.ts';

/** An expression with `{name: Type}` placeholders; values are in `params` only, under names that begin `filter_`. */
export interface SqlCondition {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Conditions around the filter's truth. Undefined: nothing is known. */
interface Bounds {
  /** Holds wherever the filter passes. */
  readonly necessary: string | undefined;
  /** The filter passes wherever it holds. */
  readonly sufficient: string | undefined;
}

const UNKNOWN: Bounds = { necessary: undefined, sufficient: undefined };

const TEXT_COLUMNS: ReadonlyMap<string, string> = new Map([
  ['id', 'id'],
  ['eventType', 'event_type'],
  ['action', 'action'],
  ['outcome', 'outcome'],
  ['severity', 'severity'],
  ['name', 'name'],
  ['reason/reasonCode', 'reason_code'],
]);

/** The column is clamped to 1900 to 2299; nearer than a year to that it is not asked. */
const LEAST_MS = Date.UTC(1901, 0, 1);
const GREATEST_MS = Date.UTC(2298, 0, 1);

/** Makes the placeholder of a value. */
type Bind = (type: string, value: unknown) => string;

/** The condition, or undefined when the columns can rule nothing out. */
export function narrowingCondition(filter: Filter): SqlCondition | undefined {
  const params: Record<string, unknown> = {};
  const bind: Bind = (type, value) => {
    const name = `filter_${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}: ${type}}`;
  };
  const { necessary } = boundsOf(filter, bind);
  if (necessary === undefined) return undefined;
  // Values that only the other bound used are not sent.
  const used = Object.entries(params).filter(([name]) => necessary.includes(`{${name}: `));
  return { sql: necessary, params: Object.fromEntries(used) };
}

function boundsOf(filter: Filter, bind: Bind): Bounds {
  switch (filter.kind) {
    case 'and': {
      const terms = filter.terms.map((term) => boundsOf(term, bind));
      return {
        necessary: someKnown(terms, 'necessary', ' AND '),
        sufficient: allKnown(terms, 'sufficient', ' AND '),
      };
    }
    case 'or': {
      const terms = filter.terms.map((term) => boundsOf(term, bind));
      return {
        necessary: allKnown(terms, 'necessary', ' OR '),
        sufficient: someKnown(terms, 'sufficient', ' OR '),
      };
    }
    case 'not':
      return opposite(boundsOf(filter.term, bind));
    default:
      return boundsOfTest(filter, bind);
  }
}

function someKnown(terms: readonly Bounds[], side: keyof Bounds, joint: string): string | undefined {
  const known = terms.flatMap((term) => term[side] ?? []);
  return known.length === 0 ? undefined : `(${known.join(joint)})`;
}

function allKnown(terms: readonly Bounds[], side: keyof Bounds, joint: string): string | undefined {
  return terms.some((term) => term[side] === undefined) ? undefined : someKnown(terms, side, joint);
}

function opposite({ necessary, sufficient }: Bounds): Bounds {
  return {
    necessary: sufficient === undefined ? undefined : `(NOT ${sufficient})`,
    sufficient: necessary === undefined ? undefined : `(NOT ${necessary})`,
  };
}

function boundsOfTest(test: FilterTest, bind: Bind): Bounds {
  switch (test.kind) {
    case 'compare':
      if (test.operator === '!=') return opposite(boundsOfTest({ ...test, operator: '=' }, bind));
      if (isEventTime(test.path)) return exactly(timeTest(test.operator, test.value, bind));
      return test.operator === '=' ? oneOf(test.path, [test.value], bind) : UNKNOWN;
    case 'in': {
      if (!isEventTime(test.path)) return oneOf(test.path, test.values, bind);
      const tests = test.values.map((value) => exactly(timeTest('=', value, bind)));
      return {
        necessary: allKnown(tests, 'necessary', ' OR '),
        sufficient: someKnown(tests, 'sufficient', ' OR '),
      };
    }
    case 'prefix': {
      const column = columnOf(test.path);
      if (column === undefined || !isAskable(test.text) || /^[-\d]/.test(test.text)) return UNKNOWN;
      return unlessEmpty(column, `startsWith(${column}, ${bind('String', test.text)})`);
    }
    default:
      return UNKNOWN;
  }
}

function oneOf(path: Path, values: readonly FilterValue[], bind: Bind): Bounds {
  const column = columnOf(path);
  const texts = values.flatMap((value) => (value.kind === 'string' ? [value.text] : []));
  if (column === undefined || texts.length < values.length || !texts.every(isAskable)) return UNKNOWN;
  const [only] = texts;
  return unlessEmpty(
    column,
    texts.length === 1
      ? `(${column} = ${bind('String', only)})`
      : `has(${bind('Array(String)', texts)}, ${column})`,
  );
}

function unlessEmpty(column: string, condition: string): Bounds {
  return { necessary: `(${condition} OR ${column} = '')`, sufficient: condition };
}

/** Every row has an event time, and the column orders as the instants do. */
function timeTest(operator: string, value: FilterValue, bind: Bind): string | undefined {
  if (value.kind !== 'time' || value.ms < LEAST_MS || value.ms > GREATEST_MS) return undefined;
  return `(event_time ${operator} fromUnixTimestamp64Milli(${bind('Int64', value.ms)}, 'UTC'))`;
}

function exactly(condition: string | undefined): Bounds {
  return { necessary: condition, sufficient: condition };
}

function isEventTime(path: Path): boolean {
  return path.length === 1 && path[0] === 'eventTime';
}

function columnOf(path: Path): string | undefined {
  return path.some((name) => name.includes('/')) ? undefined : TEXT_COLUMNS.get(path.join('/'));
}

/** U+FFFD stands in the column for half a surrogate pair too. */
function isAskable(text: string): boolean {
  return text !== '' && !text.includes('\uFFFD') && !/^-?\d/.test(text);
}
