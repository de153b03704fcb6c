import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

import { createMethodFinder } from './allowed-methods.ts';
import { CODES_WITH_PUBLIC_MESSAGE, dependencyErrors } from './dependency-errors.ts';
import { frameworkErrors, fromFastifyError } from './framework-errors.ts';
import { PROBLEM_MEDIA_TYPE, ProblemError, toProblemDocument } from './problem.ts';
import type { ErrorTable } from './problem.ts';

export interface ProblemPluginOptions {
  /** Problems for errors that carry one of these codes, beside those of the stream and the store. */
  readonly codes?: ErrorTable;
  /** Seconds of `Retry-After` for retryable 503 answers that name none. Default 1. */
  readonly retryAfterSeconds?: number;
}

/**
 * Answers everything that goes wrong as problem details: thrown `ProblemError`s, errors of the stream and the
 * store, Fastify's own, 404 and 405. Any other error becomes one `INTERNAL`, its cause logged and never sent.
 */
export const problemPlugin = fastifyPlugin(
  (app: FastifyInstance, options: ProblemPluginOptions, done: () => void) => {
    const allowedMethods = createMethodFinder(app);
    const codes: ErrorTable = { ...dependencyErrors, ...options.codes };
    const retryAfterSeconds = options.retryAfterSeconds ?? 1;

    app.setErrorHandler((error, request, reply) => {
      const problem = wantsContentType(error) ? notHere(request) : toProblem(error, codes);
      logProblem(request, problem);
      return sendProblem(request, reply, problem, retryAfterSeconds);
    });

    app.setNotFoundHandler((request, reply) =>
      sendProblem(request, reply, notHere(request), retryAfterSeconds),
    );

    function notHere(request: FastifyRequest): ProblemError {
      const methods = allowedMethods(request.url);
      return methods.length === 0
        ? new ProblemError(frameworkErrors.NOT_FOUND, {
            detail: `No route ${request.method} ${pathOf(request.url)}`,
          })
        : new ProblemError(frameworkErrors.METHOD_NOT_ALLOWED, {
            detail: `${pathOf(request.url)} takes ${methods.join(', ')}`,
            headers: { allow: methods.join(', ') },
          });
    }
    done();
  },
  { name: 'problem-details', fastify: '5.x' },
);

/** Fastify says so of the method QUERY, which no route takes, before it looks for the path: it is to be answered 404 or 405. */
export function wantsContentType(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE';
}

/** Turns any thrown value into the problem the caller is told. */
export function toProblem(error: unknown, codes: ErrorTable): ProblemError {
  if (error instanceof ProblemError) return error;
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const definition = code === undefined || !Object.hasOwn(codes, code) ? undefined : codes[code];
  if (definition !== undefined && error instanceof Error) {
    return new ProblemError(definition, {
      ...(CODES_WITH_PUBLIC_MESSAGE.has(definition.code) ? { detail: error.message } : {}),
      cause: error,
    });
  }
  return fromFastifyError(error) ?? new ProblemError(frameworkErrors.INTERNAL, { cause: error });
}

/** Sends a problem as the answer to a request. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemError,
  retryAfterSeconds = 1,
): FastifyReply {
  const { definition, options } = problem;
  const wait =
    options.retryAfterSeconds ?? (definition.retryable && definition.status === 503 ? retryAfterSeconds : 0);
  if (wait > 0) void reply.header('retry-after', String(Math.ceil(wait)));
  if (options.headers !== undefined) void reply.headers(options.headers);
  // Sent as bytes: a route's response schema must not drop members, nor Fastify add a charset, which this media
  // type does not have.
  return reply
    .code(definition.status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(Buffer.from(JSON.stringify(toProblemDocument(problem, request.id))));
}

function logProblem(request: FastifyRequest, problem: ProblemError): void {
  const { code, statusCode } = problem;
  // What passes by itself is no error of ours; a stack of it would only fill the log of an overloaded or stopping server.
  if (statusCode >= 500 && problem.definition.retryable)
    request.log.warn({ code, err: problem.options.cause }, problem.message);
  else if (statusCode >= 500)
    request.log.error({ code, err: problem.options.cause ?? problem }, problem.message);
  else request.log.debug({ code }, problem.message);
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return (end < 0 ? url : url.slice(0, end)).slice(0, 200);
}
