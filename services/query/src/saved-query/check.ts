/** What the schema cannot say of a saved query: that its filter, its parameters and its times can be used. */
import { MAX_SAVED_BYTES } from '@cadf-pipeline/control-state';
import type { SavedParameter } from '@cadf-pipeline/control-state';
import { checkParameters, placeholderUses, readParameter } from '@cadf-pipeline/event-filter';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { ProblemFault } from '@cadf-pipeline/service-kit';
import { queryErrors } from '../errors.ts';
import { readFields } from '../event-query/fields.ts';
import { filterProblem, parseTemplateText } from '../filter-parameter.ts';
import { readTimes } from '../query-parameters.ts';
import { bindSaved } from './bind.ts';
import type { SavedQueryBody } from './schemas.ts';

/**
 * Throws QUERY_FILTER_INVALID for the filter and for a parameter that does not fit its place, QUERY_SAVED_INVALID for the
 * parameters themselves and for what is too long altogether, QUERY_TIME_INVALID and QUERY_FIELDS_INVALID.
 */
export function checkSavedQuery(query: SavedQueryBody): void {
  const { fields, filter, from, parameters = [], to } = query;
  const bytes = Buffer.byteLength(JSON.stringify(query));
  if (bytes > MAX_SAVED_BYTES)
    throw new ProblemError(queryErrors.QUERY_SAVED_INVALID, {
      detail: `It has ${bytes} bytes as JSON, the most is ${MAX_SAVED_BYTES}.`,
    });
  const template = parseTemplateText(filter);
  const used = new Set(placeholderUses(template.filter).map(({ placeholder }) => placeholder.name));
  const faults = parameters.flatMap((parameter, index) => faultsOf(parameter, index, parameters, used));
  if (faults.length > 0)
    throw new ProblemError(queryErrors.QUERY_SAVED_INVALID, {
      detail: faults.map(({ message, path }) => `${path} ${message}`).join('; '),
      faults,
    });
  const misfit = checkParameters(template, new Map(parameters.map((each) => [each.name, each])));
  if (misfit !== undefined) throw filterProblem(misfit);
  // Without values to be given it can be seen now whether it can be asked.
  if (parameters.every((each) => each.default !== undefined)) bindSaved({ filter, parameters }, {});
  readTimes(from, to);
  if (fields !== undefined) readFields(fields);
}

function faultsOf(
  { default: fallback, list, name, type }: SavedParameter,
  index: number,
  all: readonly SavedParameter[],
  used: ReadonlySet<string>,
): readonly ProblemFault[] {
  const path = `/parameters/${index}`;
  const faults: ProblemFault[] = [];
  if (all.findIndex((other) => other.name === name) < index)
    faults.push({ path: `${path}/name`, message: `is declared twice: ${name}` });
  if (!used.has(name))
    faults.push({ path: `${path}/name`, message: `does not stand in the filter: :${name}` });
  const read = fallback === undefined ? undefined : readParameter({ type, list }, fallback);
  if (typeof read === 'string') faults.push({ path: `${path}/default`, message: read });
  return faults;
}
