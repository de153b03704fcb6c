/** Running a saved query: what a request that names one asks, told from the query and from what the request adds. */
import type { ControlState, SavedQuery, Versioned } from '@cadf-pipeline/control-state';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { AskedParameters, FilledParameters, GivenParameters } from '../asked-parameters.ts';
import { queryErrors } from '../errors.ts';
import { bindSaved } from './bind.ts';
import { finds } from './visibility.ts';

export interface SavedQueries {
  /** Throws QUERY_SAVED_NOT_FOUND. */
  find(principal: Principal, id: string): Versioned<'query'>;
  /** Throws QUERY_SAVED_NOT_FOUND, QUERY_SAVED_PARAMETER_INVALID and QUERY_FILTER_INVALID. */
  fill(principal: Principal, request: AskedParameters): FilledParameters;
}

const PREFIX = 'param.';

export function createSavedQueries(state: Pick<ControlState, 'get'>): SavedQueries {
  function find(principal: Principal, id: string): Versioned<'query'> {
    const query = state.get('query', id);
    if (query === undefined || !finds(principal, query.entity))
      throw new ProblemError(queryErrors.QUERY_SAVED_NOT_FOUND);
    return query;
  }

  return {
    find,
    fill(principal, request) {
      const { given, rest } = separate(request);
      const { saved, ...asked } = rest;
      if (saved === undefined) {
        const [name] = Object.keys(given);
        if (name === undefined) return { asked };
        throw new ProblemError(queryErrors.QUERY_SAVED_PARAMETER_INVALID, {
          detail: `${name} is given, and no saved query: only those have parameters.`,
        });
      }
      const { entity } = find(principal, saved);
      const parameters = Object.keys(given).length === 0 ? {} : { parameters: given };
      return {
        asked: { ...kept(entity), ...asked, ...parameters, saved },
        bound: bindSaved(entity, given),
      };
    },
  };
}

function kept({ fields, from, limit, order, source, tenant, to, versions }: SavedQuery): AskedParameters {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(versions === undefined ? {} : { versions }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(source === undefined ? {} : { source }),
    ...(order === undefined ? {} : { order }),
    ...(fields === undefined ? {} : { fields }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** The values of the parameters, from where a body or a query string has them. */
function separate(request: AskedParameters): {
  readonly given: GivenParameters;
  readonly rest: Omit<AskedParameters, 'parameters'>;
} {
  const { parameters, ...rest } = request;
  // A name such as `__proto__` is one like any other.
  const given = Object.assign(Object.create(null) as Record<string, GivenParameters[string]>, parameters);
  for (const [name, value] of Object.entries<unknown>({ ...request })) {
    if (!name.startsWith(PREFIX)) continue;
    Reflect.deleteProperty(rest, name);
    if (isTextOrTexts(value)) given[name.slice(PREFIX.length)] = value;
  }
  return { given, rest };
}

function isTextOrTexts(value: unknown): value is string | string[] {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}
