/** A query that was given a name, as JSON Schema. What it finds depends on who runs it, never on who saved it. */
import { maxFilterBytes, maxParameterLength, parameterTypes } from '@cadf-pipeline/event-filter';
import Type from 'typebox';
import type { Static } from 'typebox';

/** Parameters of one query. */
export const MAX_SAVED_PARAMETERS = 32;
/** Queries of one owner. */
export const MAX_SAVED_BY_ONE = 200;

/** Bytes of one as JSON: each is in the memory of every process. */
export const MAX_SAVED_BYTES = 32 * 1024;

/** Of a parameter: `:name` in the filter, `param.name` in a query string. */
export const PARAMETER_NAME_PATTERN = '^[A-Za-z_][A-Za-z0-9_]{0,63}$';

const Text = Type.String({ maxLength: maxParameterLength });
const Item = Type.Union([Text, Type.Number(), Type.Boolean()]);

/** A value of a parameter, or several of a list. */
export const ParameterValue = Type.Union([
  Item,
  Type.Array(Item, { minItems: 1, maxItems: 1000, description: 'For a list' }),
]);
export type ParameterValue = Static<typeof ParameterValue>;

export const SavedParameter = Type.Object(
  {
    name: Type.String({ pattern: PARAMETER_NAME_PATTERN, description: 'Stands in the filter as `:name`' }),
    type: Type.Enum([...parameterTypes], {
      description:
        '`text`: compared, a beginning or words. `number`, `boolean`, `time`: compared. `cidr`: an address or a range, in `in cidr(…)`. `taxonomy`: a path, for `within`.',
    }),
    list: Type.Optional(
      Type.Boolean({
        description: 'Several values: stands behind `in` or `in cidr` instead of the list. Default false',
      }),
    ),
    default: Type.Optional(ParameterValue),
    description: Type.Optional(Type.String({ maxLength: 1024 })),
  },
  { additionalProperties: false, description: 'A value that is given when the query is run' },
);
export type SavedParameter = Static<typeof SavedParameter>;

/** What is asked, and who is to find it: what its owner writes. */
export const savedQueryContent = {
  name: Type.String({ minLength: 1, maxLength: 256, description: 'For people' }),
  description: Type.Optional(Type.String({ maxLength: 4096 })),
  filter: Type.String({
    minLength: 1,
    maxLength: maxFilterBytes,
    description: 'As in GET /cadf/v1/events; `:name` stands for a parameter.',
  }),
  parameters: Type.Optional(
    Type.Array(SavedParameter, {
      maxItems: MAX_SAVED_PARAMETERS,
      description: 'Those that stand in the filter, each once',
    }),
  ),
  from: Type.Optional(Type.String({ maxLength: 64, description: 'Used where the run has none of its own' })),
  to: Type.Optional(Type.String({ maxLength: 64, description: 'Used where the run has none of its own' })),
  versions: Type.Optional(Type.Union([Type.Literal('merged'), Type.Literal('all')])),
  tenant: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'Only events of this tenant. Who runs the query has to reach it',
    }),
  ),
  source: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Only events of this source' }),
  ),
  order: Type.Optional(Type.Union([Type.Literal('desc'), Type.Literal('asc')])),
  fields: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 64 }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'Events per page' })),
  sharing: Type.Union([Type.Literal('private'), Type.Literal('tenant')], {
    description:
      '`private`: its owner alone finds it. `tenant`: also who may query and reaches all of the tenants that its owner had when it was saved.',
  }),
};
