import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

import { principalOf } from './authentication.ts';
import type { Health } from './health.ts';
import type { PipelineMetrics } from './pipeline-metrics.ts';
import { requireAllTenants } from './principal.ts';

export interface OperationOptions {
  readonly health: Health;
  readonly metrics: PipelineMetrics;
}

/**
 * `/healthz` (the process answers) and `/readyz` (it can do its work; 503 with reasons when not) without a key;
 * `/metrics` for admins that reach all tenants, as it tells the sources and volumes of all. Times every request.
 */
export const operationRoutes = fastifyPlugin(
  (app: FastifyInstance, { health, metrics }: OperationOptions, done: () => void) => {
    app.get(
      '/healthz',
      { config: { public: true }, schema: { tags: ['operation'], summary: 'Liveness' } },
      () => ({
        status: 'ok',
      }),
    );

    app.get(
      '/readyz',
      {
        config: { public: true },
        schema: { tags: ['operation'], summary: 'Readiness with reasons; 503 when not ready or stopping' },
      },
      async (_request, reply) => {
        const readiness = await health.readiness();
        return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
      },
    );

    app.get(
      '/metrics',
      {
        config: { role: 'admin' },
        schema: {
          tags: ['operation'],
          summary: 'Metrics in the Prometheus text format, for keys that reach all tenants',
          produces: ['text/plain'],
        },
      },
      async (request, reply) => {
        requireAllTenants(principalOf(request));
        return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
      },
    );

    app.addHook('onResponse', (request, reply, next) => {
      // The declared path, never the requested one: what a caller makes up must not become a label.
      const route = request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)');
      metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
      next();
    });
    done();
  },
  { name: 'operation-routes', dependencies: ['authentication'], fastify: '5.x' },
);
