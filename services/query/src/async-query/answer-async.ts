/** A query whose caller does not want to wait for long: `Prefer`, RFC 7240. */
import { dependencyErrors, ProblemError } from '@cadf-pipeline/service-kit';
import type { ErrorTable, Principal } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import type { NextOf } from '../event-query/answer.ts';
import { acceptedFormat } from '../event-query/formats.ts';
import type { EventsBody } from '../event-query/parameters.ts';
import type { EventQuestion } from '../event-query/question.ts';
import { answerResult } from './answer-result.ts';
import type { AsyncQueries } from './async-queries.ts';
import { hasEnded } from './async-query.ts';
import type { AsyncQueryRecord } from './async-query.ts';
import type { Preference } from './prefer.ts';
import { statusOf } from './status.ts';

const ERRORS: ErrorTable = { ...dependencyErrors, ...queryErrors };
export const QUERIES_PATH = '/cadf/v1/queries';

export interface AsyncAnswerDependencies {
  readonly queries: AsyncQueries;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** The answer itself where it is ready in time; else 202 with where to ask for it. */
export async function answerPreferred(
  { now, queries }: AsyncAnswerDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: {
    readonly principal: Principal;
    readonly parameters: EventsBody;
    readonly question: EventQuestion;
    readonly preference: Preference;
    readonly nextOf: NextOf;
  },
): Promise<FastifyReply> {
  const { nextOf, parameters, preference, principal, question } = asked;
  const name = acceptedFormat(request.headers.accept);
  const signal = callerGone(reply);
  const { id } = await queries.create(principal, parameters, question);
  await queries.ended(id, preference.waitMs, signal);
  const record = queries.get(principal.id, id);
  if (record === undefined) throw new ProblemError(queryErrors.QUERY_ASYNC_NOT_FOUND);
  if (signal.aborted) await queries.delete(record);
  void reply.header('preference-applied', preference.applied).header('vary', 'prefer');
  const inline = hasEnded(record) && preference.waitMs > 0 && !(name === 'json' && question.limit === 'all');
  if (!inline) return sendAccepted(queries, reply, record);
  if (record.status !== 'done') {
    await queries.delete(record);
    throw failureOf(record);
  }
  const next = record.cursor === undefined ? undefined : nextOf(record.cursor);
  if (next !== undefined && name !== 'json') {
    void reply.header('cadf-next-cursor', record.cursor);
    if (next.link !== undefined) void reply.header('link', `<${next.link}>; rel="next"`);
  }
  return answerResult(queries, request, reply, now(), record, {
    name,
    first: 0,
    limit: question.limit,
    links: next?.members ?? {},
    atEnd: () => queries.delete(record),
  });
}

export async function sendAccepted(
  queries: AsyncQueries,
  reply: FastifyReply,
  record: AsyncQueryRecord,
): Promise<FastifyReply> {
  const status = statusOf(record, await queries.progress(record));
  return reply
    .code(202)
    .header('location', `${QUERIES_PATH}/${record.id}`)
    .header('retry-after', '1')
    .send(status);
}

/** Why there is no result. */
export function failureOf({ failure, status }: AsyncQueryRecord): ProblemError {
  const definition = failure === undefined ? undefined : ERRORS[failure.code];
  if (failure !== undefined && definition !== undefined)
    return new ProblemError(definition, { detail: failure.detail });
  return new ProblemError(queryErrors.QUERY_ASYNC_NOT_DONE, {
    detail: status === 'cancelled' ? 'It was cancelled and will have none.' : `It is ${status}.`,
    // RFC 9457 has `status` for the status code.
    members: { queryStatus: status },
  });
}
