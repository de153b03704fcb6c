import type { FastifyReply } from 'fastify';

/**
 * Aborts when the connection closes before the answer was sent: what was asked for it is to end then. Fastify's own
 * `request.signal` follows the request, which closes as soon as its body was read.
 */
export function callerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
