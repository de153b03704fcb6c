/** What the OpenAPI document says of the reading routes, and what their parameters are checked by. */
import { exampleEvent } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { AsyncStatus } from '../async-query/status.ts';
import { EventsBody, EventsQuery } from '../event-query/parameters.ts';
import { queryErrors } from '../errors.ts';
import { EventIdQuery, SelectionQuery, selectionProblems } from '../query-parameters.ts';

const event = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'A CADF event (DSP0262), as it was received; unknown members are kept.',
    examples: [exampleEvent],
  },
);

const NEXT = '/cadf/v1/events?limit=1&cursor=Zm9y…';

/** The other forms of the same answer. `links` are the members that the JSON form has beside the events. */
function formsOf(links: Readonly<Record<string, TSchema>>, example: object): object {
  const text = (described: string, shown: string): object => ({
    schema: { type: 'string', description: described },
    example: shown,
  });
  return {
    description:
      'The events. Where more follow, the JSON form says how to go on; the others have the cursor in `Cadf-Next-Cursor` and, for GET, the next page in `Link`.',
    content: {
      'application/json': {
        schema: Type.Object({ events: Type.Array(event), ...links }),
        example,
      },
      'application/x-ndjson': text('One event per line.', `${JSON.stringify(exampleEvent)}\n`),
      'text/csv': text(
        'RFC 4180 with a heading. A cell that begins like a formula, or with an apostrophe, has an apostrophe in front.',
        `id,eventTime,outcome\r\n${exampleEvent.id},${exampleEvent.eventTime},failure\r\n`,
      ),
      'application/xml': text(
        'A CADF Report (DSP0262).',
        '<cadf:report xmlns:cadf="http://schemas.dmtf.org/cloud/audit/1.0/event"><cadf:events/></cadf:report>',
      ),
    },
  };
}

const about =
  'As JSON, NDJSON, CSV or XML, by `Accept`; compressed with zstd or gzip, by `Accept-Encoding`. Pages are of one snapshot: events that arrive later are on none of them. The connection ends early when something goes wrong while an answer is sent. A caller that goes away ends its query. With `Prefer: wait=N` (seconds, at most 60) or `Prefer: respond-async` an answer that is not ready by then is 202 with the asynchronous query that goes on.';

/** What a question for events may be refused for. */
export const eventsProblems = [
  ...selectionProblems,
  queryErrors.QUERY_CURSOR_INVALID,
  queryErrors.QUERY_FIELDS_INVALID,
  queryErrors.QUERY_ALL_AS_JSON,
  queryErrors.QUERY_NOT_ACCEPTABLE,
  queryErrors.QUERY_TOO_MANY_STREAMS,
  queryErrors.QUERY_TOO_MANY_ASYNC,
  queryErrors.QUERY_ASYNC_DISK,
];

export const eventsSchema = {
  tags: ['query'],
  summary: 'Read events, newest first',
  description: about,
  querystring: EventsQuery,
  problems: eventsProblems,
  response: {
    200: formsOf(
      {
        next: Type.Optional(
          Type.String({ description: 'Path and query of the next page; absent on the last.' }),
        ),
      },
      { events: [exampleEvent], next: NEXT },
    ),
    202: AsyncStatus,
  },
};

export const resultForms = formsOf(
  {
    next: Type.Optional(Type.String({ description: 'Path and query of the next page; absent on the last.' })),
  },
  { events: [exampleEvent] },
);

export const querySchema = {
  tags: ['query'],
  summary: 'Read events, the parameters in the body',
  description: `For filters that a URL has no room for. ${about}`,
  body: EventsBody,
  problems: [...eventsProblems],
  response: {
    200: formsOf(
      {
        cursor: Type.Optional(
          Type.String({
            description: 'To be sent with the same body for the next page; absent on the last.',
          }),
        ),
      },
      { events: [exampleEvent], cursor: 'Zm9y…' },
    ),
    202: AsyncStatus,
  },
};

export const EventIdParams = Type.Object({
  id: Type.String({
    minLength: 1,
    description: 'The CADF id, percent-encoded.',
    examples: [exampleEvent.id],
  }),
});

export const eventSchema = {
  tags: ['query'],
  summary: 'Read one event by its CADF id',
  description:
    'The event as it was received. `versions=all` lists every version that came, the newest first, as a page.',
  problems: [queryErrors.QUERY_EVENT_NOT_FOUND, queryErrors.QUERY_EVENT_AMBIGUOUS],
  params: EventIdParams,
  querystring: EventIdQuery,
  response: {
    200: {
      description: 'The event; with `versions=all` its versions',
      content: {
        'application/json': {
          schema: Type.Union([
            Type.Object({ events: Type.Array(event) }, { title: 'Versions' }),
            Type.Object(
              { id: Type.String(), eventTime: Type.String() },
              { title: 'Event', additionalProperties: true },
            ),
          ]),
          examples: {
            event: { summary: 'The event', value: exampleEvent },
            versions: { summary: 'With `versions=all`', value: { events: [exampleEvent] } },
          },
        },
      },
    },
  },
};

export const countSchema = {
  tags: ['counts'],
  summary: 'Count events exactly',
  description: 'How many events the query finds. An event that came several times counts once.',
  problems: selectionProblems,
  querystring: SelectionQuery,
  response: {
    200: Type.Object(
      { count: Type.Integer({ minimum: 0, description: 'Each event once, whatever was repeated.' }) },
      { description: 'How many', examples: [{ count: 1204 }] },
    ),
  },
};
