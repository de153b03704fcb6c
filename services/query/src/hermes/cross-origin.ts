/**
 * Pages of other origins that may ask (CORS, the Fetch standard): dashboards such as Elektra call Hermes from the
 * browser. Nothing a browser sends by itself counts as a credential here, so an origin that may ask gets no more than
 * its user's token gives.
 */
import type { FastifyInstance } from 'fastify';

const PATHS = ['/', '/events', '/events/:id', '/attributes/:name'];
/** Seconds a browser remembers what it may ask. */
const MAX_AGE = '600';

/** `origins`: such as `https://dashboard.example`, or `*`. `app` is the part of the server under `/v1` alone. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook('onRequest', (request, reply, next) => {
    const { origin } = request.headers;
    void reply.header('vary', 'Origin');
    if (origin !== undefined && (origins.includes('*') || origins.includes(origin)))
      void reply.headers({
        'access-control-allow-origin': origins.includes('*') ? '*' : origin,
        'cross-origin-resource-policy': 'cross-origin',
      });
    next();
  });
  for (const path of PATHS)
    app.options(path, { config: { public: true }, schema: { hide: true } }, (_request, reply) =>
      reply
        .code(204)
        .headers({
          'access-control-allow-methods': 'GET, HEAD',
          'access-control-allow-headers': 'X-Auth-Token, Content-Type, Accept',
          'access-control-max-age': MAX_AGE,
        })
        .send(),
    );
}
