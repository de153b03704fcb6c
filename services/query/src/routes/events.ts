/** `GET /cadf/v1/events`, `POST /cadf/v1/query`, `/cadf/v1/events/{id}`, `/cadf/v1/count`: reading events back. */
import type { EventStore, StoredEvent } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { AskedParameters } from '../asked-parameters.ts';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import { answerPreferred } from '../async-query/answer-async.ts';
import type { AsyncQueries } from '../async-query/async-queries.ts';
import { keptParameters } from '../async-query/kept-parameters.ts';
import { readPreference } from '../async-query/prefer.ts';
import { answerEvents } from '../event-query/answer.ts';
import type { NextOf } from '../event-query/answer.ts';
import type { EventsBody, EventsQuery } from '../event-query/parameters.ts';
import { readQuestion } from '../event-query/question.ts';
import { createStreamGate } from '../event-query/stream-gate.ts';
import { toJsonPage } from '../event-text.ts';
import type { PageCursors } from '../page-cursor.ts';
import { onlyEvent } from '../only-event.ts';
import { readSelection } from '../query-parameters.ts';
import type { EventIdQuery, SelectionQuery } from '../query-parameters.ts';
import type { SavedQueries } from '../saved-query/saved-queries.ts';
import { countSchema, eventSchema, eventsSchema, querySchema } from './schemas.ts';

export interface EventRoutesDependencies {
  readonly store: EventStore;
  readonly cursors: PageCursors;
  readonly queries: AsyncQueries;
  /** The queries that `saved` may name. */
  readonly saved: SavedQueries;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

const PATH = '/cadf/v1/events';
/** A filter of 8 KiB with all its characters escaped, and the rest. */
const BODY_LIMIT = 128 * 1024;
const WHOLE_RESULTS = { most: 8, mostOfOne: 4, problem: queryErrors.QUERY_TOO_MANY_STREAMS };

/** Registers the routes; they need the role `query` and see only what the caller's tenants may. */
export function eventRoutes(
  app: FastifyInstance,
  { cursors, now, queries, saved, store }: EventRoutesDependencies,
): void {
  const answering = { store, now, gate: createStreamGate(WHOLE_RESULTS) };

  app.get<{ Querystring: EventsQuery }>(
    PATH,
    { config: { role: 'query' }, schema: eventsSchema },
    (request, reply) =>
      answer(request, reply, request.query, (cursor) => {
        const next = nextPath(request.query, cursor);
        return { members: { next }, link: next };
      }),
  );

  app.post<{ Body: EventsBody }>(
    '/cadf/v1/query',
    { config: { role: 'query' }, schema: querySchema, bodyLimit: BODY_LIMIT },
    (request, reply) => answer(request, reply, request.body, (cursor) => ({ members: { cursor } })),
  );

  app.get<{ Params: { id: string }; Querystring: Static<typeof EventIdQuery> }>(
    `${PATH}/:id`,
    { config: { role: 'query' }, schema: eventSchema },
    async (request, reply) => {
      const { versions = 'merged', source } = request.query;
      const found = await store.event(
        scopeOf(principalOf(request)),
        request.params.id,
        { versions, ...(source === undefined ? {} : { source }) },
        callerGone(reply),
      );
      return versions === 'all' ? sendVersions(reply, found) : sendMerged(reply, found);
    },
  );

  app.get<{ Querystring: Static<typeof SelectionQuery> }>(
    '/cadf/v1/count',
    { config: { role: 'query' }, schema: countSchema },
    async (request, reply) => {
      const { asked, bound } = saved.fill(principalOf(request), request.query);
      const scope = scopeOf(principalOf(request), asked.tenant);
      return { count: await store.count(scope, readSelection(asked, bound), callerGone(reply)) };
    },
  );

  function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: AskedParameters,
    nextOf: NextOf,
  ): Promise<FastifyReply> {
    const principal = principalOf(request);
    const filled = saved.fill(principal, parameters);
    const question = readQuestion(principal, filled, cursors);
    const preference = readPreference(request.headers['prefer']);
    if (preference === undefined) return answerEvents(answering, request, reply, question, nextOf);
    return answerPreferred({ queries, now }, request, reply, {
      principal,
      parameters: keptParameters(filled, question),
      question,
      preference,
      nextOf,
    });
  }
}

function sendVersions(reply: FastifyReply, found: readonly StoredEvent[]): FastifyReply {
  if (found.length === 0) throw new ProblemError(queryErrors.QUERY_EVENT_NOT_FOUND);
  return reply.type('application/json').send(toJsonPage(found));
}

function sendMerged(reply: FastifyReply, found: readonly StoredEvent[]): FastifyReply {
  return reply.type('application/json').send(onlyEvent(found).text);
}

function nextPath(parameters: EventsQuery, cursor: string): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries<unknown>({ ...parameters, cursor })) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) query.append(name, String(one));
  }
  return `${PATH}?${query}`;
}
