import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

import { DOCS_STYLE_SOURCE, renderApiPage, renderErrorsPage } from './docs-page.ts';
import { PROBLEM_MEDIA_TYPE } from './problem.ts';
import type { ErrorTable } from './problem.ts';

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  /** The tables shown at /docs/errors. */
  readonly errors: readonly ErrorTable[];
}

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'retryable', 'hint'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; listed at /docs/errors' },
    detail: { type: 'string' },
    retryable: { type: 'boolean' },
    hint: { type: 'string' },
    requestId: { type: 'string' },
    faults: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

/**
 * `/openapi.json` (OpenAPI 3.1) made from the routes' schemas, `/docs` and `/docs/errors` for people. Open to
 * anyone: they describe the product, not what it holds. Register before the routes.
 */
export const openApi = fastifyPlugin(
  async (app: FastifyInstance, options: OpenApiOptions) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: options.title,
          version: options.version,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', description: 'An API key: cadf_<id>_<secret>' },
            authToken: {
              type: 'apiKey',
              in: 'header',
              name: 'X-Auth-Token',
              description:
                'The same as clients of OpenStack send it; also a token of Keystone, where one is set.',
            },
          },
        },
        security: [{ bearer: [] }, { authToken: [] }],
      },
      transform: ({ schema, url, route }) => ({ schema: describe(schema, route.config), url }),
    });
    const hidden = { config: { public: true }, schema: { hide: true } };
    // The routes are complete once the server is ready; each text is made once, at the first request.
    const once = (make: () => string): (() => string) => {
      let text: string | undefined;
      return () => (text ??= make());
    };
    const json = once(() => JSON.stringify(app.swagger()));
    const api = once(() => renderApiPage(app.swagger()));
    const errors = once(() => renderErrorsPage(options.title, options.errors));

    app.get('/openapi.json', hidden, (_request, reply) => reply.type('application/json').send(json()));
    app.get('/docs', hidden, (_request, reply) =>
      reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(api()),
    );
    app.get('/docs/errors', hidden, (_request, reply) =>
      reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(errors()),
    );
  },
  { name: 'openapi', fastify: '5.x' },
);

const PAGE_POLICY = `default-src 'none'; style-src '${DOCS_STYLE_SOURCE}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** Adds what holds for every route: who may call it and how it fails. */
function describe(
  schema: FastifySchema | undefined,
  config: { readonly public?: boolean; readonly role?: string | readonly string[] } | undefined,
): FastifySchema {
  const roles = config?.role === undefined ? [] : [config.role].flat();
  const given = schema ?? {};
  const response = typeof given.response === 'object' && given.response !== null ? given.response : {};
  return {
    ...given,
    ...(config?.public === true ? { security: [] } : {}),
    ...(roles.length === 0
      ? {}
      : {
          description: [given.description, `Needs the role ${roles.join(' or ')}.`]
            .filter(Boolean)
            .join('\n\n'),
        }),
    response: {
      ...(Object.keys(response).length === 0 ? { '2XX': { description: 'Done', type: 'null' } } : response),
      default: {
        description: 'What went wrong',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: PROBLEM_SCHEMA } },
      },
    },
  };
}
