/** `$filter` of CIMI over Events as a SQL condition: exact, because each attribute has its column. */
import { eventTypeUri, parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { Filter, FilterTest, FilterValue } from '@cadf-pipeline/event-filter';
import type { Condition } from '@cadf-pipeline/event-store';
import { ATTRIBUTE_SQL, TIME_COLUMNS } from './event-attributes.ts';
import { readEventHref } from './event-id.ts';

/** What an Event cannot be asked: one sentence. */
export class UnaskableFilter extends Error {}

/** Makes the placeholder of a value. */
type Bind = (type: string, value: unknown) => string;

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['name', ATTRIBUTE_SQL.name],
  ['outcome', ATTRIBUTE_SQL.outcome],
  ['severity', ATTRIBUTE_SQL.severity],
]);
/** What the columns of times hold: 1900 to 2299. */
const LEAST_MS = Date.UTC(1900, 0, 1);
const GREATEST_MS = Date.UTC(2300, 0, 1) - 1;
const ALWAYS = '1';
const NEVER = '0';

/**
 * All of them hold. An attribute that an Event has not matches nothing, with `!=` either.
 * Throws `UnaskableFilter`.
 */
export function filterCondition(filters: readonly Filter[]): Condition | undefined {
  if (filters.length === 0) return undefined;
  const params: Record<string, unknown> = {};
  const bind: Bind = (type, value) => {
    const name = `cimi_${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}: ${type}}`;
  };
  return { sql: filters.map((filter) => compile(filter, bind)).join(' AND '), params };
}

function compile(filter: Filter, bind: Bind): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.terms.map((term) => compile(term, bind)).join(filter.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${compile(filter.term, bind)})`;
    default:
      return compileTest(filter, bind);
  }
}

function compileTest(test: FilterTest, bind: Bind): string {
  const [name = '', ...inner] = test.path ?? [];
  if (test.path === undefined || test.kind === 'words' || test.kind === 'within' || test.kind === 'cidr')
    throw new UnaskableFilter(
      `only = != < <= > >= ^= in and exists can be asked of attributes, not ${test.kind}`,
    );
  if (name === 'content' || inner.length > 0) {
    if (name === 'properties') return NEVER;
    throw new UnaskableFilter(
      `${test.path.join('/')} is inside an attribute: only whole ones can be asked for (id, name, created, timestamp, type, outcome, severity)`,
    );
  }
  if (test.kind === 'in') {
    const tests = test.values.map((value) =>
      compileTest({ kind: 'compare', path: test.path, operator: '=', value }, bind),
    );
    return `(${tests.join(' OR ')})`;
  }
  const column = TIME_COLUMNS.get(name);
  if (column !== undefined) return timeTest(name, column, test, bind);
  if (name === 'id') return idTest(test, bind);
  if (name === 'type') return typeTest(test, bind);
  return textTest(name, TEXTS.get(name) ?? `''`, test, bind);
}

type SimpleTest = Extract<FilterTest, { kind: 'compare' | 'prefix' | 'exists' }>;

function timeTest(name: string, column: string, test: SimpleTest, bind: Bind): string {
  if (test.kind === 'exists') return ALWAYS;
  if (test.kind === 'prefix') throw new UnaskableFilter(`${name} is a time: it has no prefix`);
  const { operator, value } = test;
  if (value.kind === 'null') return operator === '=' ? NEVER : ALWAYS;
  const ms = Math.min(GREATEST_MS, Math.max(LEAST_MS, timeOf(name, value)));
  return `(${column} ${operator} fromUnixTimestamp64Milli(${bind('Int64', ms)}, 'UTC'))`;
}

function timeOf(name: string, value: FilterValue): number {
  if (value.kind === 'time') return value.ms;
  const time = value.kind === 'string' ? parseTimestamp(value.text) : undefined;
  if (time === undefined)
    throw new UnaskableFilter(`${name} is a time: compare it with one such as 2026-11-01T10:00:00Z`);
  return time.epochMs;
}

function idTest(test: SimpleTest, bind: Bind): string {
  if (test.kind === 'exists') return ALWAYS;
  if (test.kind === 'prefix') throw new UnaskableFilter('an id is asked for whole');
  const { operator, value } = test;
  refuseOrder('id', operator);
  if (value.kind === 'null') return operator === '=' ? NEVER : ALWAYS;
  const key = readEventHref(textOf(value));
  const same =
    key === undefined ? NEVER : `(source = ${bind('String', key.source)} AND id = ${bind('String', key.id)})`;
  return operator === '=' ? same : `(NOT ${same})`;
}

/** All Events are of one type. */
function typeTest(test: SimpleTest, bind: Bind): string {
  return textTest('type', bind('String', eventTypeUri), test, bind);
}

/** `sql` gives '' for what an event has not. */
function textTest(name: string, sql: string, test: SimpleTest, bind: Bind): string {
  if (test.kind === 'exists') return `(${sql} != '')`;
  if (test.kind === 'prefix') return `(${sql} != '' AND startsWith(${sql}, ${bind('String', test.text)}))`;
  const { operator, value } = test;
  refuseOrder(name, operator);
  if (value.kind === 'null') return operator === '=' ? `(${sql} = '')` : `(${sql} != '')`;
  return `(${sql} != '' AND ${sql} ${operator} ${bind('String', textOf(value))})`;
}

function refuseOrder(name: string, operator: string): void {
  if (operator !== '=' && operator !== '!=')
    throw new UnaskableFilter(`${name} is a text: only = and != can be asked of it, not ${operator}`);
}

function textOf(value: FilterValue): string {
  switch (value.kind) {
    case 'string':
    case 'time':
      return value.text;
    case 'number':
      return String(value.number);
    case 'boolean':
      return String(value.boolean);
    case 'null':
      return '';
  }
}
