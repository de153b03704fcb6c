/**
 * Query strings, read strictly: the schemas refuse an unknown, repeated or unusable parameter. An audit query that
 * silently ignored a misspelt bound would answer another question than the one asked.
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { maxParameterLength } from '@cadf-pipeline/event-filter';
import type { Filter } from '@cadf-pipeline/event-filter';
import type { EventQuery } from '@cadf-pipeline/event-store';
import { frameworkErrors, ProblemError } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import { queryErrors } from './errors.ts';
import { FilterParameter, readFilter } from './filter-parameter.ts';
import type { AskedParameters } from './asked-parameters.ts';

const versions = Type.Union([Type.Literal('merged'), Type.Literal('all')], {
  description:
    '`merged` (default): each event once, the last version whose outcome is not `pending`. `all`: every version.',
  examples: ['merged'],
});

/** The parameters every route that selects events takes. */
export const selectionParameters = {
  filter: FilterParameter,
  from: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'Events whose eventTime is at or after this time. RFC 3339 with a zone.',
      examples: ['2026-11-01T00:00:00Z'],
    }),
  ),
  to: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'Events whose eventTime is before this time. RFC 3339 with a zone.',
      examples: ['2026-12-01T00:00:00Z'],
    }),
  ),
  tenant: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'Only events of this tenant, within what the key may see.',
      examples: ['project-a'],
    }),
  ),
  source: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'Only events of this source.',
      examples: ['kvm-1'],
    }),
  ),
  versions: Type.Optional(versions),
  saved: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description:
        'Id of a saved query (`/cadf/v1/saved-queries`): its filter, and where this request says nothing else, its other parameters. `filter` narrows it. Values of its parameters: in a query string `param.<name>=value`, repeated for a list; in a body `parameters`.',
      examples: ['0d0c9f1e-3f0e-4a58-9b43-6a8f6a5b8b0e'],
    }),
  ),
};

/** Of the schema of a query string with these parameters: `param.<name>` beside those that are listed. */
export const strictQuery = {
  additionalProperties: false,
  patternProperties: {
    '^param\\.[A-Za-z_][A-Za-z0-9_]{0,63}$': Type.Union([
      Type.String({ maxLength: maxParameterLength }),
      Type.Array(Type.String({ maxLength: maxParameterLength }), { maxItems: 1000 }),
    ]),
  },
};

/** What reading a selection and its scope throws. */
export const selectionProblems = [
  queryErrors.QUERY_TIME_INVALID,
  queryErrors.QUERY_FILTER_INVALID,
  queryErrors.QUERY_SAVED_PARAMETER_INVALID,
  queryErrors.QUERY_SAVED_NOT_FOUND,
  frameworkErrors.FORBIDDEN_TENANT,
];

export const SelectionQuery = Type.Object(selectionParameters, strictQuery);

export const EventIdQuery = Type.Object(
  {
    versions: Type.Optional(versions),
    source: Type.Optional(
      Type.String({
        maxLength: 128,
        description: 'The source, where several have an event of this id.',
        examples: ['key-bootstrap'],
      }),
    ),
  },
  { additionalProperties: false },
);

/** A point in time, ms since 1970 UTC. All timestamp forms of the model are read; a zone is needed. */
function readTime(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  // A plus sign that was not percent-encoded arrives as a blank: before an offset it can only have been a plus.
  const time = parseTimestamp(value.replace(/ (?=\d{2}:?\d{2}$)/, '+'));
  if (time === undefined || time.zone === 'assumed-utc')
    throw invalid(
      `"${name}" is "${value.slice(0, 60)}": use a time with its zone, such as 2026-11-01T00:00:00Z or 2026-11-01T02:00:00%2B02:00.`,
    );
  return time.epochMs;
}

interface Times {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** Throws QUERY_TIME_INVALID. */
export function readTimes(from: string | undefined, to: string | undefined): Times {
  const fromMs = readTime('from', from);
  const toMs = readTime('to', to);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw invalid('"from" is after "to": exchange them.');
  return { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
}

/**
 * What the shared parameters ask for, with the filter of a saved query where there is one. Throws QUERY_TIME_INVALID and
 * QUERY_FILTER_INVALID.
 */
export function readSelection(
  parameters: Pick<AskedParameters, 'filter' | 'from' | 'source' | 'to' | 'versions'>,
  bound?: Filter,
): EventQuery {
  const times = readTimes(parameters.from, parameters.to);
  const where = readFilter(parameters.filter, bound);
  return {
    versions: parameters.versions ?? 'merged',
    ...(parameters.source === undefined ? {} : { source: parameters.source }),
    ...(where === undefined ? {} : { where }),
    ...times,
  };
}

function invalid(detail: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_TIME_INVALID, { detail });
}
