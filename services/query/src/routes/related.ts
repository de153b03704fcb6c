/** `GET /cadf/v1/events/{id}/related`: what else happened around an event, and why it belongs to it. */
import type { EventStore } from '@cadf-pipeline/event-store';
import { principalOf, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import { onlyEvent } from '../only-event.ts';
import { findRelated } from '../related/find-related.ts';
import { relationKinds } from '../related/relations.ts';
import { DEFAULT_WINDOW, readWindow } from '../related/window.ts';
import { EventIdParams } from './schemas.ts';

const DEFAULT_LIMIT = 100;

const RelatedParameters = Type.Object(
  {
    source: Type.Optional(
      Type.String({
        maxLength: 128,
        description: 'The source, where several have an event of this id.',
        examples: ['key-bootstrap'],
      }),
    ),
    kinds: Type.Optional(
      Type.String({
        pattern: '^(correlation|session|target)(,(correlation|session|target)){0,2}$',
        description:
          'Which relations, separated by commas; default all. `correlation`: a tag of the same operation or request. `session`: the same initiator at the same host address and agent, or with the same request id, or a tag of the same session. `target`: the same target.',
        examples: ['correlation,session'],
      }),
    ),
    window: Type.Optional(
      Type.String({
        maxLength: 32,
        description:
          'How far in time to each side, such as `PT15M`; default `PT1H`, at most `P31D`. What correlates is looked for a day to each side at least.',
        examples: ['PT1H'],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'The nearest in time; default 100.',
        examples: [100],
      }),
    ),
  },
  { additionalProperties: false },
);

const answer = Type.Object(
  {
    event: Type.Object({ id: Type.String(), source: Type.String() }),
    related: Type.Array(
      Type.Object({
        source: Type.String(),
        relations: Type.Array(
          Type.Object({
            kind: Type.String({ description: '`correlation`, `session` or `target`.' }),
            same: Type.Object({}, { additionalProperties: true, description: 'What both have, by path.' }),
          }),
        ),
        event: Type.Object({}, { additionalProperties: true, description: 'The CADF event.' }),
      }),
      { description: 'In order of time, without the event itself.' },
    ),
    more: Type.Boolean({ description: 'More are related; those shown are the nearest in time.' }),
  },
  {
    description: 'The event, and what belongs to it',
    examples: [
      {
        event: { id: 'a-1', source: 'openstack' },
        related: [
          {
            source: 'openstack',
            relations: [{ kind: 'target', same: { 'target/id': 'vm-7' } }],
            event: { id: 'a-2', eventTime: '2026-11-01T12:00:00.000000+0000', target: { id: 'vm-7' } },
          },
        ],
        more: false,
      },
    ],
  },
);

export function relatedRoutes(app: FastifyInstance, { store }: { readonly store: EventStore }): void {
  app.get<{ Params: { id: string }; Querystring: Static<typeof RelatedParameters> }>(
    '/cadf/v1/events/:id/related',
    {
      config: { role: 'query' },
      schema: {
        tags: ['query'],
        summary: 'Find events related to one, and why',
        description:
          'What happened around an event: what came of the same operation, what the same initiator did in the same session, what else was done to the same target. With every one, what both have.',
        params: EventIdParams,
        problems: [
          queryErrors.QUERY_WINDOW_INVALID,
          queryErrors.QUERY_EVENT_NOT_FOUND,
          queryErrors.QUERY_EVENT_AMBIGUOUS,
        ],
        querystring: RelatedParameters,
        response: { 200: answer },
      },
    },
    async (request, reply) => {
      const signal = callerGone(reply);
      const { kinds, limit = DEFAULT_LIMIT, source, window = DEFAULT_WINDOW } = request.query;
      const windowMs = readWindow(window);
      const wanted = new Set(kinds?.split(',') ?? relationKinds);
      const scope = scopeOf(principalOf(request));
      const found = await store.event(
        scope,
        request.params.id,
        { versions: 'merged', ...(source === undefined ? {} : { source }) },
        signal,
      );
      const around = onlyEvent(found);
      const { events, more } = await findRelated(
        store,
        scope,
        around,
        { kinds: relationKinds.filter((kind) => wanted.has(kind)), windowMs, limit },
        signal,
      );
      const related = events.map(
        ({ event, relations }) =>
          `{"source":${JSON.stringify(event.source)},"relations":${JSON.stringify(relations)},"event":${event.text}}`,
      );
      const about = JSON.stringify({ id: around.id, source: around.source });
      return reply
        .type('application/json')
        .send(`{"event":${about},"related":[${related.join(',')}],"more":${more}}`);
    },
  );
}
