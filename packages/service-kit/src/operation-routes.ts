import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

import { principalOf } from './authentication.ts';
import { frameworkErrors } from './framework-errors.ts';
import type { Health } from './health.ts';
import type { PipelineMetrics } from './pipeline-metrics.ts';
import { requireAllTenants } from './principal.ts';

export interface OperationOptions {
  readonly health: Health;
  readonly metrics: PipelineMetrics;
}

const LIVE = {
  type: 'object',
  description: 'It is alive',
  required: ['status'],
  properties: { status: { const: 'ok' } },
  examples: [{ status: 'ok' }],
};
const READY = {
  type: 'object',
  description: 'It is ready',
  required: ['status', 'checks'],
  properties: {
    status: { enum: ['ready', 'not-ready', 'shutting-down'] },
    checks: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['ok', 'reason'],
        properties: {
          ok: { type: 'boolean' },
          reason: { type: 'string', description: 'Empty when nothing is wrong' },
        },
      },
    },
  },
  examples: [{ status: 'ready', checks: { store: { ok: true, reason: '' } } }],
};

/**
 * `/healthz` (the process answers) and `/readyz` (it can do its work; 503 with reasons when not) without a key;
 * `/metrics` for admins that reach all tenants, as it tells the sources and volumes of all. Times every request.
 */
export const operationRoutes = fastifyPlugin(
  (app: FastifyInstance, { health, metrics }: OperationOptions, done: () => void) => {
    app.get(
      '/healthz',
      {
        config: { public: true },
        schema: {
          tags: ['operation'],
          summary: 'Is the process alive',
          description: 'Answers as long as the process can answer at all, also while it is stopping.',
          response: { 200: LIVE },
        },
      },
      () => ({
        status: 'ok',
      }),
    );

    app.get(
      '/readyz',
      {
        config: { public: true },
        schema: {
          tags: ['operation'],
          summary: 'Is the service ready',
          description:
            'Whether it can do its work, part by part, with reasons. For load balancers and probes.',
          response: { 200: READY, 503: { ...READY, description: 'Not ready, or stopping' } },
        },
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
          summary: 'Read metrics',
          description: 'In the Prometheus text format, for keys that reach all tenants.',
          response: {
            200: {
              description: 'The metrics',
              content: {
                'text/plain': {
                  schema: { type: 'string' },
                  example:
                    '# TYPE cadf_http_requests_total counter\ncadf_http_requests_total{method="GET"} 12\n',
                },
              },
            },
          },
          problems: [frameworkErrors.FORBIDDEN_TENANT],
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
