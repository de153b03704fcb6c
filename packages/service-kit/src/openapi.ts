import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

import { PROBLEM_CONTENT, problemResponses } from './api-problems.ts';
import { completeDocument } from './api-document.ts';
import { tagName } from './api-tags.ts';
import { renderApiPage } from './api-page.ts';
import { DOCS_STYLE_SOURCE } from './docs-html.ts';
import { renderErrorsPage } from './docs-errors-page.ts';
import { operationIdOf } from './operation-id.ts';
import type { ErrorTable } from './problem.ts';

declare module 'fastify' {
  interface FastifySchema {
    /** What a body has to be that the route reads by itself: nothing checks it before. */
    requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, object>> };
  }
}

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  /** The tables shown at /docs/errors. */
  readonly errors: readonly ErrorTable[];
}

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
          description: ABOUT,
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
      transform: ({ schema, url, route }) => ({ schema: describe(schema, route), url }),
    });
    const hidden = { config: { public: true }, schema: { hide: true } };
    // The routes are complete once the server is ready; each text is made once, at the first request.
    const once = (make: () => string): (() => string) => {
      let text: string | undefined;
      return () => (text ??= make());
    };
    const document = (): object => completeDocument(app.swagger(), options.errors);
    const json = once(() => JSON.stringify(document()));
    const api = once(() => renderApiPage(document()));
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

const ABOUT =
  'Audit events of clouds as DMTF CADF (DSP0262): taken in, kept as received, found again. Every route but the public ones takes an API key as `Authorization: Bearer`, or as `X-Auth-Token`. A key sees the events of its tenants and nothing else. Problems are RFC 9457 documents with a stable `code`; /docs/errors lists them.';

const PAGE_POLICY = `default-src 'none'; style-src '${DOCS_STYLE_SOURCE}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** What a route says of itself, as far as it matters here. */
interface DescribedRoute {
  readonly method: string | readonly string[];
  readonly url: string;
  readonly config?: { readonly public?: boolean; readonly role?: string | readonly string[] };
}

/** Adds what holds for every route: its name and chapter, who may call it and how it fails. */
function describe(schema: FastifySchema | undefined, route: DescribedRoute): FastifySchema {
  const { problems = [], requestBody, ...given } = schema ?? {};
  const method = [route.method].flat()[0] ?? 'GET';
  const isPublic = route.config?.public === true;
  const roles = route.config?.role === undefined ? [] : [route.config.role].flat();
  const response: object =
    typeof given.response === 'object' && given.response !== null ? given.response : {};
  const body = requestBody ?? given.body;
  return {
    ...given,
    ...(body === undefined ? {} : { body }),
    operationId: given.operationId ?? operationIdOf(method, route.url),
    tags: (given.tags ?? []).map(tagName),
    ...(isPublic ? { security: [] } : {}),
    description: [
      given.description,
      isPublic ? 'Open to anyone, without a key.' : `Needs the role ${roles.join(' or ')}.`,
    ]
      .filter(Boolean)
      .join('\n\n'),
    response: {
      // A route with failures of its own form says so itself.
      ...problemResponses({
        isPublic: isPublic || '4XX' in response,
        hasParameters: !('4XX' in response) && Boolean(given.params ?? given.querystring ?? given.headers),
        hasCheckedBody: given.body !== undefined,
        // Of these methods a body is looked at, also where the route has no use for one.
        takesBody: !/^(GET|HEAD)$/.test(method),
        problems,
      }),
      ...withProblems(response),
    },
  };
}

/** What fails before it reaches a route is answered as a problem, whatever form the failures of the route have. */
function withProblems(response: object): object {
  return Object.fromEntries(
    Object.entries(response).map(([status, answer]: [string, unknown]) => [
      status,
      /^[45]/.test(status) && typeof answer === 'object' && answer !== null && 'content' in answer
        ? { ...answer, content: { ...Object(answer.content), ...PROBLEM_CONTENT } }
        : answer,
    ]),
  );
}
