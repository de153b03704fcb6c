/** The filters of a list: each names one whole value, or with `!` before it the events that do not have it; and `search`. */
import { sqlCondition } from '@cadf-pipeline/event-filter';
import type { Condition } from '@cadf-pipeline/event-store';
import { COLUMNS, FILTERS } from './columns.ts';
import { filterValues, unusable } from './form.ts';
import type { Form } from './form.ts';
import { searchFilter } from './search-filter.ts';

/** All of them hold, a filter under its older name too; undefined: there are none. Throws QUERY_HERMES_PARAMETER_INVALID. */
export function eventCondition(form: Form): Condition | undefined {
  const params: Record<string, unknown> = {};
  const tests: string[] = [];
  for (const name of FILTERS)
    for (const [index, value] of filterValues(form, name).entries()) {
      // A lone `!` asks for those that do not have the empty text, which no event has.
      if (value === '!') continue;
      const negated = value.startsWith('!');
      const parameter = `hermes_${name}_${index}`;
      params[parameter] = negated ? value.slice(1) : value;
      tests.push(`${COLUMNS.get(name)} ${negated ? '!=' : '='} {${parameter}: String}`);
    }
  const search = searchCondition(form.get('search') ?? '');
  if (search !== undefined) tests.push(`(${search.sql})`);
  if (tests.length === 0) return undefined;
  return { ...search, sql: tests.join(' AND '), params: { ...params, ...search?.params } };
}

function searchCondition(text: string): Condition | undefined {
  const filter = text.trim() === '' ? undefined : searchFilter(text);
  if (filter === undefined) return undefined;
  try {
    return sqlCondition(filter);
  } catch (error) {
    // It says what it has too much of.
    if (error instanceof RangeError) throw unusable(`search has ${error.message}`);
    throw error;
  }
}
