/** `GET /cadf/v1/taxonomy/{taxonomy}`: the trees of DSP0262 annex A with the events below each node. */
import { taxonomies } from '@cadf-pipeline/cadf-model';
import type { EventStore } from '@cadf-pipeline/event-store';
import { principalOf, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { callerGone } from '../caller-gone.ts';
import { readSelection, selectionParameters, selectionProblems, strictQuery } from '../query-parameters.ts';
import type { SavedQueries } from '../saved-query/saved-queries.ts';
import { countTree } from '../taxonomy-tree.ts';
import type { TaxonomyTree } from '../taxonomy-tree.ts';

/** Different values looked at; what is rarer is counted as unlisted. */
const MAX_VALUES = 10_000;

const TaxonomyQuery = Type.Object(selectionParameters, strictQuery);
const roles = { initiator: 'initiator_type', target: 'target_type', observer: 'observer_type' } as const;
const ResourcesQuery = Type.Object(
  {
    ...selectionParameters,
    role: Type.Optional(
      Type.Union([Type.Literal('target'), Type.Literal('initiator'), Type.Literal('observer')], {
        description: 'Whose typeURI; default `target`.',
        examples: ['target'],
      }),
    ),
  },
  strictQuery,
);

const Count = Type.Integer({ minimum: 0 });
const Node = Type.Object({
  path: Type.String({ description: 'From the root, such as `data/security/account`.' }),
  parent: Type.Optional(Type.String({ description: 'Path of the node above; absent at the top.' })),
  origin: Type.String({ description: '`standard`, `openstack`, or `extension`: only events have it.' }),
  meaning: Type.Optional(Type.String()),
  own: Type.Integer({ minimum: 0, description: 'Events of exactly this node, whatever its spelling.' }),
  subtree: Type.Integer({ minimum: 0, description: 'Events of this node and all below it.' }),
  spellings: Type.Optional(
    Type.Array(Type.Object({ value: Type.String(), count: Count }), {
      description: 'How events write it otherwise than `path`: aliases, another case, absolute URIs.',
    }),
  ),
});
const answer = Type.Object(
  {
    taxonomy: Type.String(),
    baseUri: Type.String(),
    total: Type.Integer({ minimum: 0, description: 'Events the query finds.' }),
    absent: Type.Integer({ minimum: 0, description: 'Events without a value.' }),
    nodes: Type.Array(Node, {
      description: 'Every node behind the one above it; those of the standard also without events.',
    }),
    outside: Type.Object(
      {
        total: Count,
        values: Type.Array(Type.Object({ value: Type.String(), kind: Type.String(), count: Count })),
        unlisted: Type.Integer({ minimum: 0, description: 'Events of values too rare to be looked at.' }),
      },
      {
        description:
          'Events whose value is in no tree: of another taxonomy (`foreign`), with an unknown first segment (`unknown-root`), or no path (`malformed`).',
      },
    ),
  },
  {
    description: 'The tree with its counts',
    examples: [
      {
        taxonomy: 'outcomes',
        baseUri: taxonomies.outcomes.data.baseUri,
        total: 12,
        absent: 0,
        nodes: [
          {
            path: 'success',
            origin: 'standard',
            meaning: 'completed with the expected result',
            own: 10,
            subtree: 10,
            spellings: [{ value: 'SUCCESS', count: 1 }],
          },
        ],
        outside: { total: 2, values: [{ value: 'ok', kind: 'unknown-root', count: 2 }], unlisted: 0 },
      },
    ],
  },
);

export function taxonomyRoutes(
  app: FastifyInstance,
  { saved, store }: { readonly saved: SavedQueries; readonly store: EventStore },
): void {
  const columns = [
    { name: 'actions', column: 'action' },
    { name: 'outcomes', column: 'outcome' },
    { name: 'resources', column: '' },
  ] as const;
  for (const { column, name } of columns) {
    const { classify, data } = taxonomies[name];
    const isResource = column === '';
    app.get<{ Querystring: Static<typeof ResourcesQuery> }>(
      `/cadf/v1/taxonomy/${name}`,
      {
        config: { role: 'query' },
        schema: {
          tags: ['counts'],
          summary: `Count events by the taxonomy of ${name}, exactly`,
          description:
            'The tree of DSP0262 with the events at and below each node, however they write it. Values that are in no tree are listed apart.',
          problems: selectionProblems,
          querystring: isResource ? ResourcesQuery : TaxonomyQuery,
          response: { 200: answer },
        },
      },
      async (request, reply): Promise<{ taxonomy: string; baseUri: string } & TaxonomyTree> => {
        const { role = 'target' } = request.query;
        const { asked, bound } = saved.fill(principalOf(request), request.query);
        const sql = isResource ? roles[role] : column;
        const { facets, total } = await store.facets(
          scopeOf(principalOf(request), asked.tenant),
          { ...readSelection(asked, bound), fields: [{ kind: 'column', sql }], top: MAX_VALUES },
          callerGone(reply),
        );
        const [facet = { values: [], other: 0, absent: 0, distinct: 0 }] = facets;
        return { taxonomy: name, baseUri: data.baseUri, ...countTree(data, classify, facet, total) };
      },
    );
  }
}
