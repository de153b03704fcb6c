/** What the OpenAPI document says of the reading routes, and what their parameters are checked by. */
import { Type } from 'typebox';
import { EventIdQuery, EventsQuery, SelectionQuery } from '../query-parameters.ts';

const event = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'A CADF event (DSP0262), as it was received; unknown members are kept.',
  },
);

const eventPage = Type.Object({
  events: Type.Array(event),
  next: Type.Optional(Type.String({ description: 'Path and query of the next page; absent on the last.' })),
});

export const eventsSchema = {
  tags: ['query'],
  summary: 'Read events, newest first',
  description: 'As JSON, or as NDJSON (`Accept: application/x-ndjson`, the next page in the Link header).',
  querystring: EventsQuery,
  response: { 200: eventPage },
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
