/** What the OpenAPI document says of `POST /cadf/v1/sql`, and what its body is checked by. */
import type { SqlValue } from '@cadf-pipeline/event-store';
import { frameworkErrors } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { queryErrors } from '../errors.ts';

const SCALARS = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }];
const Value = Type.Unsafe<SqlValue>({
  anyOf: [...SCALARS, { type: 'array', items: { anyOf: SCALARS } }],
});

export const SqlBody = Type.Object(
  {
    sql: Type.String({
      minLength: 1,
      maxLength: 32_768,
      description:
        'One SELECT of ClickHouse SQL over the table `events`, see docs/sql.md. Values are best given as `{name: Type}` placeholders and `params`.',
    }),
    params: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' }), Value, {
        maxProperties: 100,
        description: 'A value for each placeholder; dates, times and large numbers as strings.',
      }),
    ),
    from: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          'Events whose eventTime is at or after this time. RFC 3339 with a zone. Much faster than the same in WHERE.',
      }),
    ),
    to: Type.Optional(
      Type.String({ maxLength: 64, description: 'Events whose eventTime is before this time.' }),
    ),
    tenant: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: 'Only events of this tenant, within what the key may see.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: 'Rows answered at most; default 1,000.' }),
    ),
    format: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('ndjson'), Type.Literal('csv')], {
        description: 'Default `json`.',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        sql: "SELECT initiatorName, count() AS failures FROM events WHERE outcome = 'failure' GROUP BY initiatorName ORDER BY failures DESC LIMIT 10",
        from: '2026-11-01T00:00:00Z',
        to: '2026-12-01T00:00:00Z',
      },
      {
        sql: 'SELECT time, action, targetName FROM events WHERE initiatorId = {who: String} ORDER BY time DESC',
        params: { who: 'a1f7c2d0-5b1e-4b65-8c4e-7d1f00c0ffee' },
        limit: 100,
        format: 'csv',
      },
    ],
  },
);
export type SqlBody = Static<typeof SqlBody>;

const ANSWER = {
  columns: [
    { name: 'initiatorName', type: 'LowCardinality(String)' },
    { name: 'failures', type: 'UInt64' },
  ],
  rows: [
    ['ada', 41],
    ['root', 7],
  ],
};

const SqlAnswer = Type.Object({
  columns: Type.Array(
    Type.Object({ name: Type.String(), type: Type.String({ description: 'As ClickHouse names it.' }) }),
  ),
  rows: Type.Array(Type.Array(Type.Unknown()), {
    description: 'In the order of the columns. 64-bit integers are JSON numbers with all their digits.',
  }),
  cut: Type.Optional(
    Type.Union([Type.Literal('rows'), Type.Literal('bytes')], {
      description: 'Which bound cut the rows off; absent when they are all.',
    }),
  ),
});

export const sqlSchema = {
  tags: ['sql'],
  summary: 'Run one SELECT over the events of the caller',
  description:
    'The table `events` has each event once, merged, as far as the key reaches. Columns: time, received, source, sourceType, tenants, id, eventType, action, outcome, severity, name, initiatorId, initiatorType, initiatorName, initiatorProject, initiatorDomain, initiatorAddress, initiatorAgent, targetId, targetType, targetName, targetProject, observerId, observerType, observerName, reasonCode, requestPath, tags, and event, the JSON text, which is read only where it is named. At most `limit` rows and 16 MiB are answered; what was cut off is said by `cut` and the header X-Result-Cut.',
  body: SqlBody,
  problems: [
    frameworkErrors.FORBIDDEN_TENANT,
    queryErrors.QUERY_TIME_INVALID,
    queryErrors.QUERY_SQL_INVALID,
    queryErrors.QUERY_SQL_REFUSED,
    queryErrors.QUERY_SQL_OFF,
  ],
  response: {
    200: {
      description: 'The rows, in the form `format` asks for',
      headers: {
        'X-Result-Cut': {
          description: 'Which bound cut the rows off; absent when they are all.',
          enum: ['rows', 'bytes'],
        },
      },
      content: {
        'application/json': { schema: SqlAnswer, example: ANSWER },
        'application/x-ndjson': {
          schema: { type: 'string', description: 'One row per line, an object by column.' },
          example: '{"initiatorName":"ada","failures":41}\n{"initiatorName":"root","failures":7}\n',
        },
        'text/csv': {
          schema: { type: 'string', description: 'RFC 4180 with a heading; formulas are neutralised.' },
          example: 'initiatorName,failures\r\nada,41\r\nroot,7\r\n',
        },
      },
    },
  },
};
