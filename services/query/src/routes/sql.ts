/** `POST /cadf/v1/sql`: SQL of analysts over the events of their tenants. */
import { SqlFault } from '@cadf-pipeline/event-store';
import type { EventStore, SqlFaultKind } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { ErrorDefinition } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import { readSelection } from '../query-parameters.ts';
import { SQL_MEDIA_TYPES, writeSqlResult } from '../sql-answer.ts';
import { sqlSchema } from './sql-schema.ts';
import type { SqlBody } from './sql-schema.ts';

const DEFAULT_LIMIT = 1000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;

const PROBLEMS: Readonly<Record<SqlFaultKind, ErrorDefinition>> = {
  invalid: queryErrors.QUERY_SQL_INVALID,
  refused: queryErrors.QUERY_SQL_REFUSED,
  off: queryErrors.QUERY_SQL_OFF,
};

/** Registers the route; it needs the role `query` and reads only what the caller's tenants may. */
export function sqlRoutes(app: FastifyInstance, { store }: { readonly store: EventStore }): void {
  app.post<{ Body: SqlBody }>(
    '/cadf/v1/sql',
    { config: { role: 'query' }, schema: sqlSchema, bodyLimit: MAX_BODY_BYTES },
    async (request, reply) => {
      const { format = 'json', from, limit = DEFAULT_LIMIT, params = {}, sql, tenant, to } = request.body;
      const { fromMs, toMs } = readSelection({ ...(from && { from }), ...(to && { to }) });
      const scope = scopeOf(principalOf(request), tenant);
      const result = await store
        .sql(
          scope,
          {
            sql,
            params,
            maxRows: limit,
            maxBytes: MAX_ANSWER_BYTES,
            ...(fromMs === undefined ? {} : { fromMs }),
            ...(toMs === undefined ? {} : { toMs }),
          },
          callerGone(reply),
        )
        .catch(toProblem);
      if (result.cut !== undefined) void reply.header('x-result-cut', result.cut);
      return reply.type(SQL_MEDIA_TYPES[format]).send(writeSqlResult(result, format));
    },
  );
}

function toProblem(error: unknown): never {
  if (!(error instanceof SqlFault)) throw error;
  throw new ProblemError(PROBLEMS[error.kind], {
    detail: error.message,
    cause: error,
    ...(error.position === undefined ? {} : { members: { position: error.position } }),
  });
}
