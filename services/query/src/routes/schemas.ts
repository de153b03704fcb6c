/** What the OpenAPI document says of the reading routes, and what their parameters are checked by. */
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { AsyncStatus } from '../async-query/status.ts';
import { EventsBody, EventsQuery } from '../event-query/parameters.ts';
import { EventIdQuery, SelectionQuery } from '../query-parameters.ts';

const event = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'A CADF event (DSP0262), as it was received; unknown members are kept.',
  },
);

const EXAMPLE = {
  typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
  id: '5e7b0c2a-9a0f-4a57-8a52-0b6f2a6f1f10',
  eventType: 'activity',
  eventTime: '2026-11-01T12:00:00.000000+00:00',
  action: 'authenticate',
  outcome: 'failure',
  initiator: { id: 'u-1', typeURI: 'data/security/account/user', name: 'ada' },
  target: { id: 'identity', typeURI: 'service/security/account' },
  observer: { id: 'keystone-1', typeURI: 'service/security' },
};
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
      'application/x-ndjson': text('One event per line.', `${JSON.stringify(EXAMPLE)}\n`),
      'text/csv': text(
        'RFC 4180 with a heading. A cell that begins like a formula, or with an apostrophe, has an apostrophe in front.',
        'id,eventTime,outcome\r\n5e7b0c2a,2026-11-01T12:00:00Z,failure\r\n',
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

export const eventsSchema = {
  tags: ['query'],
  summary: 'Read events, newest first',
  description: about,
  querystring: EventsQuery,
  response: {
    200: formsOf(
      {
        next: Type.Optional(
          Type.String({ description: 'Path and query of the next page; absent on the last.' }),
        ),
      },
      { events: [EXAMPLE], next: NEXT },
    ),
    202: AsyncStatus,
  },
};

export const resultForms = formsOf(
  {
    next: Type.Optional(Type.String({ description: 'Path and query of the next page; absent on the last.' })),
  },
  { events: [EXAMPLE] },
);

export const querySchema = {
  tags: ['query'],
  summary: 'Read events, the parameters in the body',
  description: `For filters that a URL has no room for. ${about}`,
  body: EventsBody,
  response: {
    200: formsOf(
      {
        cursor: Type.Optional(
          Type.String({
            description: 'To be sent with the same body for the next page; absent on the last.',
          }),
        ),
      },
      { events: [EXAMPLE], cursor: 'Zm9y…' },
    ),
    202: AsyncStatus,
  },
};

export const eventSchema = {
  tags: ['query'],
  summary: 'Read one event by its CADF id',
  params: Type.Object({ id: Type.String({ description: 'The CADF id, percent-encoded.' }) }),
  querystring: EventIdQuery,
  response: { 200: event },
};

export const countSchema = {
  tags: ['query'],
  summary: 'Count events exactly',
  querystring: SelectionQuery,
  response: {
    200: Type.Object({
      count: Type.Integer({ description: 'Each event once, whatever was repeated.' }),
    }),
  },
};
