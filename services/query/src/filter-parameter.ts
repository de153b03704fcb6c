/** The parameter `filter`, as every route that selects events reads it, alone or beside that of a saved query. */
import { allOf, maxFilterBytes, parseFilter, parseTemplate, sqlCondition } from '@cadf-pipeline/event-filter';
import type { Filter, FilterFault, FilterTemplate } from '@cadf-pipeline/event-filter';
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

/**
 * The filter as the store asks it: exactly the events that pass, also that of a saved query (`bound`) where there is one.
 * Throws QUERY_FILTER_INVALID.
 */
export function readFilter(text: string | undefined, bound?: Filter): Condition | undefined {
  const filter = readWholeFilter(text, bound);
  return filter === undefined ? undefined : sqlCondition(filter);
}

/** The same as a filter; undefined: every event passes. */
export function readWholeFilter(text: string | undefined, bound?: Filter): Filter | undefined {
  const own = text === undefined ? undefined : parseFilterText(text);
  if (own === undefined || bound === undefined) return own ?? bound;
  const both = allOf(bound, own);
  if (both !== undefined) return both;
  throw new ProblemError(queryErrors.QUERY_FILTER_INVALID, {
    detail: 'The filter and that of the saved query together ask too much at once: leave tests out.',
  });
}

/** Throws QUERY_FILTER_INVALID with `fault`: code, column (from 1, in characters), message, excerpt, suggestion. */
export function parseFilterText(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.filter;
  throw filterProblem(parsed.fault);
}

/** The same for a filter with placeholders. */
export function parseTemplateText(text: string): FilterTemplate {
  const parsed = parseTemplate(text);
  if (parsed.ok) return parsed.template;
  throw filterProblem(parsed.fault);
}

export function filterProblem(fault: FilterFault): ProblemError {
  const { column, excerpt, message } = fault;
  return new ProblemError(queryErrors.QUERY_FILTER_INVALID, {
    detail: `Column ${column}: ${message}.\n${excerpt}`,
    members: { fault },
  });
}
