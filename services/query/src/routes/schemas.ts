/** What the OpenAPI document says of the reading routes. */

const timeParameter = (description: string): object => ({ type: 'string', description });

const selection = {
  from: timeParameter('Events whose eventTime is at or after this time. RFC 3339 with a zone.'),
  to: timeParameter('Events whose eventTime is before this time. RFC 3339 with a zone.'),
  tenant: { type: 'string', description: 'Only events of this tenant, within what the key may see.' },
  versions: {
    type: 'string',
    description:
      '`merged` (default): each event once, the last version whose outcome is not `pending`. `all`: every version.',
  },
};

/** An event as it was received; unknown members are kept. */
const event = {
  type: 'object',
  additionalProperties: true,
  description: 'A CADF event (DSP0262), as received.',
};

const eventPageSchema = {
  type: 'object',
  properties: {
    events: { type: 'array', items: event },
    next: { type: 'string', description: 'Path and query of the next page; absent on the last.' },
  },
  required: ['events'],
};

export const eventsSchema = {
  tags: ['query'],
  summary: 'Read events, newest first',
  querystring: {
    type: 'object',
    properties: {
      ...selection,
      order: { type: 'string', description: '`desc` (default) or `asc`, by eventTime.' },
      limit: { type: 'string', description: 'Events per page, 1 to 10,000; default 100.' },
      cursor: { type: 'string', description: 'Where to go on: taken from `next` of the page before.' },
    },
  },
  response: { 200: eventPageSchema },
};

export const eventSchema = {
  tags: ['query'],
  summary: 'Read one event by its CADF id',
  params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  querystring: {
    type: 'object',
    properties: {
      versions: selection.versions,
      source: { type: 'string', description: 'The source, where several have an event of this id.' },
    },
  },
  response: { 200: event },
};

export const countSchema = {
  tags: ['query'],
  summary: 'Count events exactly',
  querystring: { type: 'object', properties: selection },
  response: {
    200: {
      type: 'object',
      properties: { count: { type: 'integer', description: 'Each event once, whatever was repeated.' } },
      required: ['count'],
    },
  },
};
