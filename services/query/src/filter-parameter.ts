/** The parameter `filter`, as every route that selects events reads it. */
import { maxFilterBytes, parseFilter, sqlCondition } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import type { Condition } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import { queryErrors } from './errors.ts';

export const FilterParameter = Type.Optional(
  Type.String({
    description: `Only events that pass, such as \`outcome = 'failure' and initiator/host/address in cidr('10.0.0.0/8')\`; at most ${maxFilterBytes} bytes. The language is in docs/query.md.`,
    examples: ["outcome = 'failure' and action within 'update'"],
  }),
);

/** The filter as the store asks it: exactly the events that pass. Throws QUERY_FILTER_INVALID. */
export function readFilter(text: string | undefined): Condition | undefined {
  return text === undefined ? undefined : sqlCondition(parseFilterText(text));
}

/** Throws QUERY_FILTER_INVALID with `fault`: code, column (from 1, in characters), message, excerpt, suggestion. */
export function parseFilterText(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.filter;
  const { column, excerpt, message, suggestion } = parsed.fault;
  const instead = suggestion === undefined ? '' : ` Did you mean ${JSON.stringify(suggestion)}?`;
  throw new ProblemError(queryErrors.QUERY_FILTER_INVALID, {
    detail: `Column ${column}: ${message}.${instead}\n${excerpt}`,
    members: { fault: parsed.fault },
  });
}
