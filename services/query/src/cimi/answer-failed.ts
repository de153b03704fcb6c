/** Everything that goes wrong under `/cimi`, answered as a failed Job with the status and headers it has elsewhere. */
import {
  dependencyErrors,
  frameworkErrors,
  ProblemError,
  toProblem,
  wantsContentType,
} from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { queryErrors } from '../errors.ts';
import { readFormLeniently, sendCimi } from './answer-form.ts';
import { failedJob } from './failed-job.ts';

/** Seconds of `Retry-After` where nothing better is known. */
const RETRY_AFTER = 1;
const METHODS = 'GET, HEAD';
/** The paths there are, below the prefix. */
const PATHS =
  /^\/cimi(?:\/?|\/cloudEntryPoint|\/resourceMetadata(?:\/CloudEntryPoint)?|\/eventLogs(?:\/[^/]+(?:\/events)?)?|\/events\/[^/]+)$/;

/** `app` is the part of the server under `/cimi` alone. */
export function answerFailuresAsJobs(app: FastifyInstance, now: () => number): void {
  const codes = { ...dependencyErrors, ...queryErrors };

  function send(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): FastifyReply {
    const { definition, options } = problem;
    const wait =
      options.retryAfterSeconds ?? (definition.retryable && definition.status === 503 ? RETRY_AFTER : 0);
    if (wait > 0) void reply.header('retry-after', String(Math.ceil(wait)));
    if (options.headers !== undefined) void reply.headers(options.headers);
    const job = failedJob(problem, targetOf(request.url), now());
    return sendCimi(reply.code(definition.status), job, readFormLeniently(request));
  }

  app.setErrorHandler((error, request, reply) => {
    const problem = wantsContentType(error) ? notHere(request) : toProblem(error, codes);
    const { cause } = problem.options;
    const { code, retryable, status } = problem.definition;
    if (status < 500) request.log.debug({ code }, problem.message);
    else request.log[retryable ? 'warn' : 'error']({ code, err: cause ?? problem }, problem.message);
    return send(request, reply, problem);
  });

  app.setNotFoundHandler((request, reply) => send(request, reply, notHere(request)));
}

function notHere(request: FastifyRequest): ProblemError {
  const path = pathOf(request.url);
  return PATHS.test(path) && request.method !== 'GET' && request.method !== 'HEAD'
    ? new ProblemError(frameworkErrors.METHOD_NOT_ALLOWED, {
        detail: `${path.slice(0, 200)} can only be read: it takes ${METHODS}.`,
        headers: { allow: METHODS },
      })
    : nothingHere();
}

/** The same for what is not there and what is another's. */
export function nothingHere(): ProblemError {
  return new ProblemError(frameworkErrors.NOT_FOUND, {
    detail: 'There is no such resource that can be seen with this key. GET /cimi tells where to begin.',
  });
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

function targetOf(url: string): string {
  const below = pathOf(url).replace(/^\/cimi\/?/, '');
  return below === '' ? 'cloudEntryPoint' : below.slice(0, 2048);
}
