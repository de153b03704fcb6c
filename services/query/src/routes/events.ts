/** `GET /cadf/v1/events`, `/cadf/v1/events/{id}`, `/cadf/v1/count`: reading events back. */
import type { EventStore, StoredEvent } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { queryErrors } from '../errors.ts';
import { toJsonPage, toNdjson } from '../event-text.ts';
import { onlyEvent } from '../only-event.ts';
import type { PageCursor, PageCursors } from '../page-cursor.ts';
import { readSelection } from '../query-parameters.ts';
import type { EventIdQuery, EventsQuery, SelectionQuery } from '../query-parameters.ts';
import { countSchema, eventSchema, eventsSchema } from './schemas.ts';

export interface EventRoutesDependencies {
  readonly store: EventStore;
  readonly cursors: PageCursors;
}

const PATH = '/cadf/v1/events';
const DEFAULT_LIMIT = 100;

/** Registers the routes; they need the role `query` and see only what the caller's tenants may. */
export function eventRoutes(app: FastifyInstance, { store, cursors }: EventRoutesDependencies): void {
  app.get<{ Querystring: EventsQuery }>(
    PATH,
    { config: { role: 'query' }, schema: eventsSchema },
    async (request, reply) => {
      const format = acceptedFormat(request);
      const parameters = request.query;
      const selection = readSelection(parameters);
      const { order = 'desc', limit = DEFAULT_LIMIT } = parameters;
      const scope = scopeOf(principalOf(request), parameters.tenant);
      const question = JSON.stringify([scope, selection, order]);
      const cursor = readCursor(cursors, parameters.cursor, question);
      const asOf = cursor?.asOf ?? (await store.snapshot());
      // request.signal aborts when the caller goes away, so that the engine's work stops too.
      const events = await store.events(
        scope,
        { ...selection, order, limit, asOf, ...(cursor === undefined ? {} : { after: cursor.after }) },
        request.signal,
      );
      const last = events.at(-1);
      const next =
        last === undefined || events.length < limit
          ? undefined
          : nextPath(parameters, cursors.issue(question, { after: placeOf(last), asOf }));
      if (format === 'application/json') return reply.type(format).send(toJsonPage(events, next));
      if (next !== undefined) void reply.header('link', `<${next}>; rel="next"`);
      return reply.type(format).send(toNdjson(events));
    },
  );

  app.get<{ Params: { id: string }; Querystring: Static<typeof EventIdQuery> }>(
    `${PATH}/:id`,
    { config: { role: 'query' }, schema: eventSchema },
    async (request, reply) => {
      const { versions = 'merged', source } = request.query;
      const found = await store.event(
        scopeOf(principalOf(request)),
        request.params.id,
        { versions, ...(source === undefined ? {} : { source }) },
        request.signal,
      );
      return versions === 'all' ? sendVersions(reply, found) : sendMerged(reply, found);
    },
  );

  app.get<{ Querystring: Static<typeof SelectionQuery> }>(
    '/cadf/v1/count',
    { config: { role: 'query' }, schema: countSchema },
    async (request) => {
      const scope = scopeOf(principalOf(request), request.query.tenant);
      return { count: await store.count(scope, readSelection(request.query), request.signal) };
    },
  );
}

function sendVersions(reply: FastifyReply, found: readonly StoredEvent[]): FastifyReply {
  if (found.length === 0) throw new ProblemError(queryErrors.QUERY_EVENT_NOT_FOUND);
  return reply.type('application/json').send(toJsonPage(found, undefined));
}

function sendMerged(reply: FastifyReply, found: readonly StoredEvent[]): FastifyReply {
  return reply.type('application/json').send(onlyEvent(found).text);
}

function readCursor(
  cursors: PageCursors,
  text: string | undefined,
  question: string,
): PageCursor | undefined {
  if (text === undefined) return undefined;
  const cursor = cursors.read(text, question);
  if (typeof cursor !== 'string') return cursor;
  throw new ProblemError(queryErrors.QUERY_CURSOR_INVALID, {
    detail:
      cursor === 'damaged'
        ? 'It was not issued by this service, or was changed.'
        : 'It was issued for other parameters or another key.',
  });
}

function nextPath(parameters: EventsQuery, cursor: string): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...parameters, cursor })) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `${PATH}?${query}`;
}

function placeOf({ timeMs, partition, offset }: StoredEvent): PageCursor['after'] {
  return { timeMs, partition, offset };
}

const FORMATS = ['application/json', 'application/x-ndjson'] as const;

function acceptedFormat(request: FastifyRequest): (typeof FORMATS)[number] {
  const accept = request.headers.accept;
  if (accept === undefined) return 'application/json';
  const wanted = accept
    .split(',')
    .map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { type } of wanted) {
    const exact = FORMATS.find((format) => format === type);
    if (exact !== undefined) return exact;
    if (type === 'application/ndjson') return 'application/x-ndjson';
    if (type === '*/*' || type === 'application/*') return 'application/json';
  }
  throw new ProblemError(queryErrors.QUERY_NOT_ACCEPTABLE);
}
