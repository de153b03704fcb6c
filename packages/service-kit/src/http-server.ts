import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

import { fastify, LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyServerFactoryHandler } from 'fastify';

import { authentication } from './authentication.ts';
import type { AuthenticationOptions, VerifyToken } from './authentication.ts';
import { answerClientError } from './client-error.ts';
import { dependencyErrors } from './dependency-errors.ts';
import { frameworkErrors } from './framework-errors.ts';
import type { Health } from './health.ts';
import { takeJsonInUtf8 } from './json-bodies.ts';
import type { TlsFiles } from './listen-guard.ts';
import { openApi } from './openapi.ts';
import { operationRoutes } from './operation-routes.ts';
import type { PipelineMetrics } from './pipeline-metrics.ts';
import { problemPlugin, sendProblem, toProblem } from './problem-plugin.ts';
import { ProblemError } from './problem.ts';
import type { ErrorTable } from './problem.ts';
import { readTextParameters } from './text-parameters.ts';

/** What an HTTP service is made of. Times in milliseconds, sizes in bytes. */
export interface HttpServerOptions {
  /** Title and version of the API, for /openapi.json. */
  readonly title: string;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  readonly verify: VerifyToken;
  readonly health: Health;
  readonly metrics: PipelineMetrics;
  /** The tables of errors its routes throw; an error with one of these codes is answered by its definition. */
  readonly errors?: readonly ErrorTable[];
  /** Serve HTTPS with these files; undefined: HTTP. */
  readonly tls?: TlsFiles;
  /** Most bytes of a body as received. Default 16 MiB; a route may set its own. */
  readonly bodyLimit?: number;
  /** Which proxies' X-Forwarded-For to believe (addresses or subnets). Default none: it is the caller's own word. */
  readonly trustProxy?: false | readonly string[];
  /** For the whole request to arrive. Default 120,000. */
  readonly requestTimeoutMs?: number;
  /** For the headers to arrive. Default 10,000. */
  readonly headersTimeoutMs?: number;
  /** For an idle connection. Default 72,000, above the 60 s of common load balancers. */
  readonly keepAliveTimeoutMs?: number;
  /** Most bytes of request line and headers. Default 16 KiB. */
  readonly maxHeaderBytes?: number;
  /** Most connections at a time; more are closed at once. Default 10,000. */
  readonly maxConnections?: number;
  readonly attempts?: AuthenticationOptions['attempts'];
}

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * Builds the HTTP server of a service: problem details, authentication, health, metrics and API documents are in
 * place; register routes on it, then `listen`. Bodies are validated and never edited: no coercion, no defaults,
 * no member removed.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const codes: ErrorTable = Object.assign({}, ...(options.errors ?? []));
  const app: FastifyInstance = fastify({
    serverFactory: (handler) => createNodeServer(options, handler),
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: options.bodyLimit ?? 16 * 1024 * 1024,
    trustProxy: options.trustProxy ? [...options.trustProxy] : false,
    genReqId: requestId,
    // Not Fastify's own answer while closing: it is no problem document and has no Retry-After.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024 },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: false,
        // As in OpenAPI: of several forms of a body the one that its sender names is held against it.
        discriminator: true,
      },
      // Routes read times themselves: more forms than RFC 3339 has, and with a word on what is wrong.
      onCreate: (ajv) => void ajv.addFormat('date-time', true),
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      void reply.headers(SECURITY_HEADERS);
      void sendProblem(request, reply, toProblem(error, {}));
    },
  });
  // Audit records have their own content types; text/plain would reach no route as anything but a surprise.
  app.removeContentTypeParser('text/plain');
  takeJsonInUtf8(app);

  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onRequest', (request, reply, next) => {
    void reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    if (options.tls !== undefined) void reply.header('strict-transport-security', 'max-age=31536000');
    next(
      closing
        ? new ProblemError(frameworkErrors.SHUTTING_DOWN, { headers: { connection: 'close' } })
        : undefined,
    );
  });
  // A request that was under way when closing began leaves its connection open otherwise, for the whole keep-alive time.
  app.addHook('onSend', (_request, reply, payload, next) => {
    if (closing) void reply.header('connection', 'close');
    next(null, payload);
  });
  app.addHook('onResponse', (request, reply, next) => {
    const level = reply.statusCode >= 400 ? 'info' : 'debug';
    request.log[level]({ req: request, res: reply, ms: Math.round(reply.elapsedTime) }, 'request');
    next();
  });

  await app.register(problemPlugin, { codes });
  readTextParameters(app);
  await app.register(openApi, {
    title: options.title,
    version: options.version,
    errors: [frameworkErrors, dependencyErrors, ...(options.errors ?? [])],
  });
  await app.register(authentication, {
    verify: options.verify,
    onRefused: (reason) => options.metrics.refused(reason),
    ...(options.attempts === undefined ? {} : { attempts: options.attempts }),
  });
  await app.register(operationRoutes, { health: options.health, metrics: options.metrics });
  return app;
}

function createNodeServer(options: HttpServerOptions, handler: FastifyServerFactoryHandler): Server {
  const headersTimeout = options.headersTimeoutMs ?? 10_000;
  const settings: ServerOptions = {
    maxHeaderSize: options.maxHeaderBytes ?? 16 * 1024,
    headersTimeout,
    requestTimeout: options.requestTimeoutMs ?? 120_000,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 72_000,
    connectionsCheckingInterval: Math.min(5000, headersTimeout),
  };
  const server: Server =
    options.tls === undefined
      ? createServer(settings, handler)
      : createTlsServer({ ...settings, ...options.tls, minVersion: 'TLSv1.2' }, handler);
  server.maxConnections = options.maxConnections ?? 10_000;
  return server;
}

/** The caller's `X-Request-Id` where it is short and plain, so that one id can be followed through; else a new one. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(given) ? given : randomUUID();
}
