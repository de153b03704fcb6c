/** The parameters of a query for events, as a query string and as a JSON body: the same names, the same meaning. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { ParameterValue, PARAMETER_NAME_PATTERN, MAX_SAVED_PARAMETERS } from '@cadf-pipeline/control-state';
import { selectionParameters, strictQuery } from '../query-parameters.ts';

export const MAX_PAGE = 10_000;
export const DEFAULT_PAGE = 100;

const fieldsText =
  'Only these members of each event: paths such as `initiator/host/address`, as filters have them. They stay in their place; lists on the way are kept with what was found in their elements; what an event does not have is absent.';

const cursorOf = (maxLength: number) =>
  Type.Optional(
    Type.String({
      maxLength,
      description: 'Where to go on: from the page before. Left out: the first page.',
    }),
  );

const shared = {
  ...selectionParameters,
  order: Type.Optional(
    Type.Union([Type.Literal('desc'), Type.Literal('asc')], {
      description: 'By eventTime; default `desc`.',
      examples: ['desc'],
    }),
  ),
  limit: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: MAX_PAGE }), Type.Literal('all')], {
      description: `Events per page; default ${DEFAULT_PAGE}. \`all\`: the whole result in one answer, sent as it is read from one snapshot; not as JSON.`,
      examples: [100],
    }),
  ),
  cursor: cursorOf(16_384),
};

/** As a query string. */
export const EventsQuery = Type.Object(
  {
    ...shared,
    // Beside the other parameters it has to fit into the head of a request, 16 KiB.
    cursor: cursorOf(8192),
    fields: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: `${fieldsText} With commas between.`,
        examples: ['eventTime,action,initiator/name'],
      }),
    ),
  },
  strictQuery,
);
export type EventsQuery = Static<typeof EventsQuery>;

/** As a JSON body, for filters that a URL has no room for. */
export const EventsBody = Type.Object(
  {
    ...shared,
    fields: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        minItems: 1,
        maxItems: 64,
        description: fieldsText,
      }),
    ),
    parameters: Type.Optional(
      // As a Type.Record its pattern of names would not be in the OpenAPI document.
      Type.Unsafe<Record<string, ParameterValue>>({
        type: 'object',
        propertyNames: { pattern: PARAMETER_NAME_PATTERN },
        additionalProperties: ParameterValue,
        maxProperties: MAX_SAVED_PARAMETERS,
        description: 'Values of the parameters of the saved query, by name',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        filter: "outcome = 'failure' and action within 'authenticate'",
        from: '2026-11-01T00:00:00Z',
        to: '2026-11-02T00:00:00Z',
        fields: ['eventTime', 'action', 'initiator/name', 'initiator/host/address'],
        limit: 1000,
      },
      { saved: '0d0c9f1e-3f0e-4a58-9b43-6a8f6a5b8b0e', parameters: { who: ['ada', 'bob'] }, limit: 100 },
    ],
  },
);
export type EventsBody = Static<typeof EventsBody>;
