/** `GET /cadf/v1/facets`: events by the values of several fields at once. */
import type { EventStore, FacetQuery } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { Scope } from '@cadf-pipeline/event-store';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import { readFields } from '../field-parameter.ts';
import { readSelection, selectionParameters, selectionProblems, strictQuery } from '../query-parameters.ts';
import type { SavedQueries } from '../saved-query/saved-queries.ts';

/**
 * Texts are read at about 15 µs each, and all their values are held until the most frequent are known: with a different
 * value in each, so many take some 250 MB and 15 s of a busy machine. A million came to no end within a minute.
 */
const DEFAULT_MAX_TEXTS = 200_000;
const MAX_FIELDS = 10;
const DEFAULT_TOP = 10;

const FacetsQuery = Type.Object(
  {
    ...selectionParameters,
    field: Type.Array(Type.String({ minLength: 1, maxLength: 512 }), {
      minItems: 1,
      maxItems: MAX_FIELDS,
      uniqueItems: true,
      description:
        'What to count by, repeated for several: `source`, `tenant`, `tags`, or a path as in filters. A path that is not kept in a column is read from the texts of the events, of 200,000 at most.',
      examples: [['action', 'outcome', 'initiator/name']],
    }),
    top: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'Values listed per field; default 10.',
        examples: [10],
      }),
    ),
  },
  strictQuery,
);

const Count = Type.Integer({ minimum: 0 });
const answer = Type.Object(
  {
    total: Type.Integer({ minimum: 0, description: 'Events the query finds.' }),
    facets: Type.Array(
      Type.Object({
        field: Type.String(),
        values: Type.Array(Type.Object({ value: Type.String(), count: Count }), {
          description: 'The most frequent first. An event with several values counts once for each.',
        }),
        other: Type.Integer({ minimum: 0, description: 'Events with a value that is not listed.' }),
        absent: Type.Integer({ minimum: 0, description: 'Events without a value, or with empty text.' }),
        distinct: Type.Integer({ minimum: 0, description: 'Different values.' }),
      }),
      { description: 'In the order asked for.' },
    ),
  },
  {
    description: 'The values of each field',
    examples: [
      {
        total: 120,
        facets: [
          {
            field: 'outcome',
            values: [
              { value: 'success', count: 110 },
              { value: 'failure', count: 7 },
            ],
            other: 2,
            absent: 1,
            distinct: 4,
          },
        ],
      },
    ],
  },
);

const facetsSchema = {
  tags: ['counts'],
  summary: 'Count events by the values of fields, exactly',
  description:
    'All fields are counted at the same moment. `tenant` names only tenants the key reaches. Roles mean the resource they resolve to.',
  querystring: FacetsQuery,
  problems: [...selectionProblems, queryErrors.QUERY_FIELD_INVALID, queryErrors.QUERY_FIELD_TOO_DEAR],
  response: { 200: answer },
};

export interface FacetRoutesDependencies {
  readonly store: EventStore;
  /** The queries that `saved` may name. */
  readonly saved: SavedQueries;
  /** Events whose texts are read at once, at most; default 200,000. */
  readonly maxTexts?: number;
}

export function facetRoutes(
  app: FastifyInstance,
  { saved, store, maxTexts = DEFAULT_MAX_TEXTS }: FacetRoutesDependencies,
): void {
  app.get<{ Querystring: Static<typeof FacetsQuery> }>(
    '/cadf/v1/facets',
    { config: { role: 'query' }, schema: facetsSchema },
    async (request, reply) => {
      const signal = callerGone(reply);
      const { field: names, top = DEFAULT_TOP } = request.query;
      const { asked, bound } = saved.fill(principalOf(request), request.query);
      const scope = scopeOf(principalOf(request), asked.tenant);
      const { textNames, ...counted } = readFields(names);
      const query = { ...readSelection(asked, bound), ...counted, top };
      if (textNames.length > 0) {
        const count = await countFound(store, scope, query, signal);
        if (count > maxTexts) throw tooDear(textNames, count, maxTexts);
      }
      const { total, facets } = await store.facets(scope, query, signal);
      return { total, facets: facets.map((facet, index) => ({ field: names[index] ?? '', ...facet })) };
    },
  );
}

function countFound(
  store: EventStore,
  scope: Scope,
  { fields: _fields, texts: _texts, top: _top, ...query }: FacetQuery,
  signal: AbortSignal,
): Promise<number> {
  return store.count(scope, query, signal);
}

function tooDear(fields: readonly string[], count: number, limit: number): ProblemError {
  return new ProblemError(queryErrors.QUERY_FIELD_TOO_DEAR, {
    detail: `${fields.join(', ')} would be read from the texts of ${count} events; at most ${limit} are read at once.`,
    members: { fields, count, limit },
  });
}
