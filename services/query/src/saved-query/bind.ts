/** The filter of a saved query with the values of one run. */
import type { SavedQuery } from '@cadf-pipeline/control-state';
import { bindFilter, readParameter } from '@cadf-pipeline/event-filter';
import type { Filter, FilterParameter } from '@cadf-pipeline/event-filter';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { ProblemFault } from '@cadf-pipeline/service-kit';
import type { GivenParameters } from '../asked-parameters.ts';
import { queryErrors } from '../errors.ts';
import { filterProblem, parseTemplateText } from '../filter-parameter.ts';

/** Throws QUERY_SAVED_PARAMETER_INVALID with all faults at once, and QUERY_FILTER_INVALID where a value fits its type but not its place. */
export function bindSaved(
  { filter, parameters = [] }: Pick<SavedQuery, 'filter' | 'parameters'>,
  given: GivenParameters,
): Filter {
  const faults: ProblemFault[] = [];
  const names = new Set(parameters.map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue;
    const known = names.size === 0 ? 'it has none' : `it has ${[...names].join(', ')}`;
    faults.push({ path: name, message: `is no parameter of the saved query: ${known}` });
  }
  const values = new Map<string, FilterParameter>();
  for (const { default: fallback, list, name, type } of parameters) {
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    const read =
      value === undefined ? 'has to be given: it has no default' : readParameter({ type, list }, value);
    if (typeof read === 'string') faults.push({ path: name, message: read });
    else values.set(name, read);
  }
  if (faults.length > 0)
    throw new ProblemError(queryErrors.QUERY_SAVED_PARAMETER_INVALID, {
      detail: faults.map(({ message, path }) => `${path} ${message}`).join('; '),
      faults,
    });
  const bound = bindFilter(parseTemplateText(filter), values);
  if (bound.ok) return bound.filter;
  throw filterProblem(bound.fault);
}
