/** A CIMI provider that a source is collected from, as JSON Schema. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { NAME_ID_PATTERN } from './name-id.ts';

export const PollDefinition = Type.Object(
  {
    url: Type.String({
      maxLength: 2048,
      pattern: '^https?://[^\\s/?#@\\\\]{1,300}(/[^\\s#]{0,1700})?$',
      description:
        'Of the CloudEntryPoint, of an origin that CADF_CIMI_PROVIDERS or CADF_CIMI_CREDENTIALS names; no user or password in it',
    }),
    credentials: Type.Optional(
      Type.String({
        pattern: NAME_ID_PATTERN,
        description: 'Name in CADF_CIMI_CREDENTIALS; left out: none are sent',
      }),
    ),
    everySeconds: Type.Optional(
      Type.Integer({ minimum: 5, maximum: 86_400, description: 'Between two polls; default 30' }),
    ),
    openJobsEverySeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3600,
        description: 'Between two looks at jobs that have not ended; default 5',
      }),
    ),
    collect: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Literal('jobs'),
          Type.Literal('events'),
          Type.Literal('meters'),
          Type.Literal('states'),
        ]),
        {
          minItems: 1,
          maxItems: 4,
          uniqueItems: true,
          description:
            'What is collected; left out: all, `states` only where the provider has neither jobs nor event logs',
        },
      ),
    ),
    resources: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$' }), {
        minItems: 1,
        maxItems: 32,
        uniqueItems: true,
        description:
          'Collections whose states are compared; default machines, systems, volumes, networks, machineImages',
      }),
    ),
  },
  { additionalProperties: false, description: 'A CIMI provider to collect from' },
);
export type PollDefinition = Static<typeof PollDefinition>;
