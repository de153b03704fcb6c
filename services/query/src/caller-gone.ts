import type { FastifyReply } from 'fastify';

/**
 * Aborts when the connection closes before the answer was sent. Fastify's own `request.signal` follows the request,
 * which closes as soon as its body was read: for a route with a body it would abort at once.
 */
export function callerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
