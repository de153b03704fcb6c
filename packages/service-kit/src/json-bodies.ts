/** Bodies of JSON are UTF-8 (RFC 8259 8.1): what is not would be read with other letters in it than were sent. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { frameworkErrors } from './framework-errors.ts';
import { ProblemError } from './problem.ts';

/** In the place of Fastify's own parser, which does not look. Throws BODY_NOT_JSON to those who send something else. */
export function takeJsonInUtf8(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) return void parse(request, body.toString(), done);
    done(new ProblemError(frameworkErrors.BODY_NOT_JSON, { detail: 'The body is not UTF-8.' }));
  });
}
