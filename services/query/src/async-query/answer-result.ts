/** Answers from the result of an asynchronous query, as the synchronous one is answered. */
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryErrors } from '../errors.ts';
import { formatted } from '../event-query/answer.ts';
import { readFields } from '../event-query/fields.ts';
import { CONTENT_TYPES, createFormat } from '../event-query/formats.ts';
import type { FormatName } from '../event-query/formats.ts';
import { sendPieces } from '../event-query/send.ts';
import type { AsyncQueries } from './async-queries.ts';
import type { AsyncQueryRecord } from './async-query.ts';

export interface ResultPart {
  readonly name: FormatName;
  readonly first: number;
  readonly limit: number | 'all';
  /** What the JSON form has beside the events. */
  readonly links: Readonly<Record<string, string>>;
  /** Called when it was sent, or was not. */
  readonly atEnd?: () => Promise<void>;
}

/** Throws QUERY_ALL_AS_JSON. */
export function answerResult(
  queries: AsyncQueries,
  request: FastifyRequest,
  reply: FastifyReply,
  now: number,
  record: AsyncQueryRecord,
  { first, limit, links, name, atEnd }: ResultPart,
): Promise<FastifyReply> {
  if (limit === 'all' && name === 'json') throw new ProblemError(queryErrors.QUERY_ALL_AS_JSON);
  const asked = record.parameters.fields;
  const fields = asked === undefined ? undefined : readFields(asked);
  const count = limit === 'all' ? record.events : limit;
  const format = createFormat(name, fields, now);
  const raw = name === 'ndjson' && fields === undefined;
  const pieces = formatted(queries.lines(record, first, count), format, raw, links, atEnd);
  return sendPieces(request, reply, CONTENT_TYPES[name], pieces);
}
