/** `/cadf/v1/queries`: queries that go on without their caller. Nobody but who asked sees one. */
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { failureOf, QUERIES_PATH, sendAccepted } from '../async-query/answer-async.ts';
import { answerResult } from '../async-query/answer-result.ts';
import type { AsyncQueries } from '../async-query/async-queries.ts';
import type { AsyncQueryRecord } from '../async-query/async-query.ts';
import { keptParameters } from '../async-query/kept-parameters.ts';
import { AsyncStatus, EXAMPLE_STATUS, statusOf } from '../async-query/status.ts';
import { queryErrors } from '../errors.ts';
import { acceptedFormat } from '../event-query/formats.ts';
import { DEFAULT_PAGE, EventsBody, MAX_PAGE } from '../event-query/parameters.ts';
import { readQuestion } from '../event-query/question.ts';
import type { PageCursors } from '../page-cursor.ts';
import type { SavedQueries } from '../saved-query/saved-queries.ts';
import { eventsProblems, resultForms } from './schemas.ts';

export interface QueryRoutesDependencies {
  readonly queries: AsyncQueries;
  readonly cursors: PageCursors;
  /** The queries that `saved` may name. */
  readonly saved: SavedQueries;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

const IdParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'The id that the asynchronous query was given.',
    examples: ['0d0c9f1e-3f0e-4a58-9b43-6a8f6a5b8b0e'],
  }),
});
const ResultQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: MAX_PAGE }), Type.Literal('all')], {
        description: `Events per page; default ${DEFAULT_PAGE}. \`all\`: what follows in one answer, not as JSON.`,
        examples: [1000],
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,12}$',
        description: 'From the page before: how many events come before.',
        examples: ['1000'],
      }),
    ),
  },
  { additionalProperties: false },
);
const resultProblems = [
  queryErrors.QUERY_ASYNC_NOT_FOUND,
  queryErrors.QUERY_ASYNC_NOT_DONE,
  queryErrors.QUERY_ASYNC_TIME,
  queryErrors.QUERY_ASYNC_BYTES,
  queryErrors.QUERY_ASYNC_DISK,
  queryErrors.QUERY_INTERRUPTED,
  queryErrors.QUERY_ALL_AS_JSON,
  queryErrors.QUERY_NOT_ACCEPTABLE,
  queryErrors.QUERY_TOO_MANY_STREAMS,
];
type IdRoute = { Params: Static<typeof IdParams> };

export function queryRoutes(
  app: FastifyInstance,
  { cursors, now, queries, saved }: QueryRoutesDependencies,
): void {
  const config = { role: 'query' } as const;
  const tags = ['asynchronous queries'];

  app.post<{ Body: EventsBody }>(
    QUERIES_PATH,
    {
      config,
      bodyLimit: 128 * 1024,
      schema: {
        tags,
        summary: 'Ask a query that goes on without its caller',
        description:
          'The parameters of POST /cadf/v1/query; `limit` is `all` where it is left out. The process that takes it runs it and alone knows it; a restart of that process fails it with QUERY_INTERRUPTED, results that were done stay.',
        body: EventsBody,
        problems: [...eventsProblems],
        response: { 202: AsyncStatus },
      },
    },
    async (request, reply) => {
      const filled = saved.fill(principalOf(request), request.body);
      const all = { ...filled, asked: { limit: 'all' as const, ...filled.asked } };
      const question = readQuestion(principalOf(request), all, cursors);
      const record = await queries.create(principalOf(request), keptParameters(all, question), question);
      return sendAccepted(queries, reply, record);
    },
  );

  app.get(
    QUERIES_PATH,
    {
      config,
      schema: {
        tags,
        summary: 'List one’s own asynchronous queries, the newest first',
        description: 'Those of the calling key: waiting, running and ended, until they are removed.',
        response: {
          200: Type.Object(
            { queries: Type.Array(AsyncStatus) },
            { description: 'The queries', examples: [{ queries: [EXAMPLE_STATUS] }] },
          ),
        },
      },
    },
    async (request) => {
      const own = queries.list(principalOf(request).id).filter((record) => stillSees(request, record));
      return {
        queries: await Promise.all(
          own.map(async (record) => statusOf(record, await queries.progress(record))),
        ),
      };
    },
  );

  app.get<IdRoute>(
    `${QUERIES_PATH}/:id`,
    {
      config,
      schema: {
        tags,
        summary: 'How an asynchronous query goes',
        description: 'Its status, how much of the stored events it has read, and where its result is.',
        params: IdParams,
        problems: [queryErrors.QUERY_ASYNC_NOT_FOUND],
        response: { 200: AsyncStatus },
      },
    },
    async (request) => {
      const record = ownRecord(request);
      return statusOf(record, await queries.progress(record));
    },
  );

  app.get<IdRoute & { Querystring: Static<typeof ResultQuery> }>(
    `${QUERIES_PATH}/:id/result`,
    {
      config,
      schema: {
        tags,
        summary: 'Read the result of an asynchronous query',
        description:
          'In the forms of GET /cadf/v1/events, as it was found then. Where it failed, the problem it failed with.',
        params: IdParams,
        querystring: ResultQuery,
        problems: resultProblems,
        response: { 200: resultForms },
      },
    },
    (request, reply) => {
      const name = acceptedFormat(request.headers.accept);
      const record = ownRecord(request);
      if (record.status !== 'done') throw failureOf(record);
      const { cursor = '0', limit = DEFAULT_PAGE } = request.query;
      const first = Number(cursor);
      const after = limit === 'all' ? record.events : first + limit;
      const links: Record<string, string> = {};
      if (after < record.events) {
        const next = `${QUERIES_PATH}/${record.id}/result?limit=${limit}&cursor=${after}`;
        if (name === 'json') links['next'] = next;
        else void reply.header('link', `<${next}>; rel="next"`).header('cadf-next-cursor', String(after));
      }
      return answerResult(queries, request, reply, now(), record, { name, first, limit, links });
    },
  );

  app.delete<IdRoute>(
    `${QUERIES_PATH}/:id`,
    {
      config,
      schema: {
        tags,
        summary: 'Cancel an asynchronous query, or remove one that has ended',
        description:
          'One that has not ended is stopped in the engine and stays listed as `cancelled`; one that has is removed with its result.',
        params: IdParams,
        problems: [queryErrors.QUERY_ASYNC_NOT_FOUND],
        response: { 204: Type.Null({ description: 'It is cancelled, or gone' }) },
      },
    },
    async (request, reply) => {
      await queries.delete(ownRecord(request));
      return reply.code(204).send();
    },
  );

  /** What is another's is answered like what is not there. */
  function ownRecord(request: FastifyRequest<IdRoute>): AsyncQueryRecord {
    const record = queries.get(principalOf(request).id, request.params.id);
    if (record === undefined || !stillSees(request, record))
      throw new ProblemError(queryErrors.QUERY_ASYNC_NOT_FOUND);
    return record;
  }
}

/** A key whose tenants were changed does not read on what it saw before. */
function stillSees(request: FastifyRequest, { parameters, scope }: AsyncQueryRecord): boolean {
  try {
    return JSON.stringify(scopeOf(principalOf(request), parameters.tenant)) === scope;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}
