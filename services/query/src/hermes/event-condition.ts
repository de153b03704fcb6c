/** The filters of a list: each names one whole value, or with `!` before it the events that do not have it. */
import type { Condition } from '@cadf-pipeline/event-store';
import { COLUMNS, FILTERS } from './columns.ts';
import { filterValues, unusable } from './form.ts';
import type { Form } from './form.ts';

/** All of them hold, a filter under its older name too; undefined: there are none. Throws QUERY_HERMES_PARAMETER_INVALID. */
export function eventCondition(form: Form): Condition | undefined {
  if (form.has('search')) throw unusable('search is not served');
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
  return tests.length === 0 ? undefined : { sql: tests.join(' AND '), params };
}
