/** The filter of a subscription, checked when it is written as it is asked when events are delivered. */
import { parseFilter } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { exportErrors } from '../errors.ts';

/** Throws SUBSCRIPTION_FILTER_INVALID with `fault`: code, column (from 1, in characters), message, excerpt, suggestion. */
export function readFilter(text: string | undefined): Filter | undefined {
  if (text === undefined) return undefined;
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.filter;
  const { column, excerpt, message } = parsed.fault;
  throw new ProblemError(exportErrors.SUBSCRIPTION_FILTER_INVALID, {
    detail: `Column ${column}: ${message}.\n${excerpt}`,
    members: { fault: parsed.fault },
  });
}
