/** Everything that goes wrong under `/v1`, answered as Hermes does: a line of text, with the status it has elsewhere. */
import { dependencyErrors, ProblemError, toProblem, wantsContentType } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { queryErrors } from '../errors.ts';

/** Seconds of `Retry-After` where nothing better is known. */
const RETRY_AFTER = 1;
const WORDS: ReadonlyMap<number, string> = new Map([
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
]);

/** `app` is the part of the server under `/v1` alone. */
export function answerFailuresAsText(app: FastifyInstance): void {
  const codes = { ...dependencyErrors, ...queryErrors };
  app.setErrorHandler((error, request, reply) => {
    if (wantsContentType(error)) return reply.callNotFound();
    const problem = toProblem(error, codes);
    const { code, retryable, status } = problem.definition;
    const { cause, headers, retryAfterSeconds } = problem.options;
    if (status < 500) request.log.debug({ code }, problem.message);
    else request.log[retryable ? 'warn' : 'error']({ code, err: cause ?? problem }, problem.message);
    const wait = retryAfterSeconds ?? (retryable && status === 503 ? RETRY_AFTER : 0);
    if (wait > 0) void reply.header('retry-after', String(Math.ceil(wait)));
    if (headers !== undefined) void reply.headers(headers);
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(`${WORDS.get(status) ?? problem.message}\n`);
  });
}

/** For what is not there, in the words of Hermes. */
export function notThere(
  definition: ProblemError['definition'],
  kind: 'event' | 'attribute',
  id: string,
  project: string,
): ProblemError {
  return new ProblemError(definition, {
    detail: `${kind} ${id.slice(0, 200)} could not be found in project ${project.slice(0, 200)}`,
  });
}
