/** What the OpenAPI document says of `/v1`. */
import { exampleEvent } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import { FILTERS } from './columns.ts';
import { maxLengthOf } from './form.ts';
import { DEFAULT_LIMIT, MAX_WINDOW } from './page-window.ts';

const tags = ['hermes'];
const text = (
  description: string,
  example?: string,
  pattern?: string,
  maxLength = maxLengthOf(''),
): ReturnType<typeof Type.Optional> =>
  Type.Optional(
    Type.String({
      maxLength,
      description,
      ...(example === undefined ? {} : { examples: [example] }),
      ...(pattern === undefined ? {} : { pattern }),
    }),
  );
const uint = (description: string, maximum: number, example: number): ReturnType<typeof Type.Optional> =>
  Type.Optional(Type.Integer({ minimum: 0, maximum, description, examples: [example] }));
const NEGATED = 'The whole value; `!` before it: events that do not have it.';
const reach = {
  project_id: text('Another project than the caller’s own, where the caller may; `*`: all.', 'project-a'),
  domain_id: text('Another domain, likewise. With `project_id`: nothing.', 'default'),
};
const TIME =
  '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9])?';
const BOUND = `(gte?|lte?):${TIME}`;
const KEY = `(time|${FILTERS.join('|')}|source|resource_type|resource_name|event_type)(:asc|:desc)?`;
const former = (name: string, example: string): ReturnType<typeof Type.Optional> =>
  Type.Optional(
    Type.String({
      maxLength: maxLengthOf(''),
      deprecated: true,
      description: `Older name of \`${name}\`.`,
      examples: [example],
    }),
  );

const inWords = (description: string, example: string): object => ({
  description,
  content: {
    'text/plain': { schema: { type: 'string' }, example },
  },
});
const failure = {
  '400': inWords('A parameter cannot be used', 'Invalid limit value\n'),
  '401': inWords('No valid credential', 'Unauthorized\n'),
  '403': inWords('The credential does not reach so far', 'Forbidden\n'),
  '4XX': inWords('What is wrong, in words', 'Too many failed attempts from this address\n'),
  '5XX': inWords('What failed, in words', 'The server failed\n'),
};
const missing = {
  '404': inWords(
    'There is none that can be seen',
    'event 5e7b0c2a-9a0f-4a57-8a52-0b6f2a6f1f10 could not be found in project project-a\n',
  ),
};

const VERSION = {
  status: 'CURRENT',
  id: 'v1',
  links: [
    { href: 'https://audit.example.com/v1/', rel: 'self' },
    { href: 'https://audit.example.com/docs', rel: 'describedby', type: 'text/html' },
  ],
};

const Version = Type.Object({
  status: Type.String(),
  id: Type.String(),
  links: Type.Array(
    Type.Object({ href: Type.String(), rel: Type.String(), type: Type.Optional(Type.String()) }),
  ),
});
const Reference = Type.Object({
  typeURI: Type.String(),
  id: Type.String(),
  name: Type.Optional(Type.String()),
});
const ITEM = {
  id: 'd3f6695e-8a55-5db1-895c-9f7f0910b7a5',
  eventTime: '2017-11-01T12:28:58.660965+00:00',
  action: 'create/role_assignment',
  outcome: 'success',
  requestPath: '/v3/role_assignments',
  initiator: { typeURI: 'service/security/account/user', id: 'u-1', name: 'ada' },
  target: { typeURI: 'service/security/account/user', id: 'u-2' },
  observer: { typeURI: 'service/security', id: '0e8a00bf-e36c-5a51-9418-2d56d59c8887' },
};

const Item = Type.Object(
  {
    id: Type.String(),
    eventTime: Type.String(),
    action: Type.String(),
    outcome: Type.String(),
    requestPath: Type.String(),
    initiator: Reference,
    target: Reference,
    observer: Reference,
    attachments: Type.Optional(
      Type.Array(
        Type.Object(
          { typeURI: Type.String(), name: Type.Optional(Type.String()) },
          { additionalProperties: true },
        ),
      ),
    ),
  },
  {
    examples: [ITEM],
  },
);

export const schemas = {
  versions: {
    tags,
    summary: 'Hermes: which versions there are',
    description: 'Where clients of OpenStack services begin.',
    response: {
      300: Type.Object(
        { versions: Type.Array(Version) },
        { description: 'The versions', examples: [{ versions: [VERSION] }] },
      ),
    },
  },
  version: {
    tags,
    summary: 'Hermes: version 1',
    description: 'The one version there is.',
    response: {
      200: Type.Object(
        { version: Version },
        { description: 'The version', examples: [{ version: VERSION }] },
      ),
      ...failure,
    },
  },
  events: {
    tags,
    summary: 'Hermes: list events, newest first',
    description:
      'For clients of the Hermes audit API, as they are. Parameters that Hermes does not know are passed over, as it does.',
    querystring: Type.Object({
      observer_type: text(NEGATED, 'service/compute'),
      target_type: text(NEGATED, 'compute/server'),
      target_id: text(NEGATED, '0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9'),
      initiator_id: text(NEGATED, 'a1f7c2d0-5b1e-4b65-8c4e-7d1f00c0ffee'),
      initiator_type: text(NEGATED, 'service/security/account/user'),
      initiator_name: text(NEGATED, 'ada'),
      action: text(NEGATED, 'create/role_assignment'),
      outcome: text(NEGATED, '!failure'),
      request_path: text(NEGATED, '/v2.0/ports.json', undefined, maxLengthOf('request_path')),
      search: text(
        'Words and "phrases" in any value of the event; several are alternatives unless joined by `AND`, left out by `NOT`; `member.of.event:word`; brackets.',
        'neutron AND "floating ip"',
        undefined,
        maxLengthOf('search'),
      ),
      time: text(
        'Times with `gt:`, `gte:`, `lt:` or `lte:` before them, each at most once; without a zone UTC.',
        'gte:2017-05-01T00:00:00,lt:2017-06-01T00:00:00',
        `^(${BOUND}(,${BOUND}){0,3})?$`,
      ),
      sort: text(
        'Keys with `:asc` (default) or `:desc` behind them; at last always `time:desc`.',
        'time:desc',
        `^(${KEY}(,${KEY}){0,15})?$`,
      ),
      details: text('Adds attachments.', 'true'),
      offset: uint(
        `How many to leave out at the beginning; with \`limit\` at most ${MAX_WINDOW}.`,
        MAX_WINDOW - DEFAULT_LIMIT,
        0,
      ),
      limit: uint('How many to list; default 10.', MAX_WINDOW, 10),
      ...reach,
      source: former('observer_type', 'service/compute'),
      resource_type: former('target_type', 'compute/server'),
      resource_name: former('target_id', 'vm-7'),
      user_name: former('initiator_id', 'u-1'),
      event_type: former('action', 'update'),
    }),
    response: {
      200: Type.Object(
        {
          next: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
          previous: Type.Optional(Type.String({ description: 'Absent on the first page.' })),
          events: Type.Array(Item),
          total: Type.Integer({ description: 'How many events the filters find.' }),
        },
        {
          description: 'A page of events',
          examples: [
            { next: 'https://audit.example.com/v1/events?limit=1&offset=1', events: [ITEM], total: 204 },
          ],
        },
      ),
      ...failure,
    },
  },
  event: {
    tags,
    summary: 'Hermes: one event, whole',
    description: 'With all its members, of the project of the caller or of the one asked for.',
    params: Type.Object({
      id: Type.String({
        format: 'uuid',
        description: 'The CADF id. One that is no UUID is found, too.',
        examples: [exampleEvent.id],
      }),
    }),
    querystring: Type.Object(reach),
    response: {
      200: Type.Object(
        { id: Type.String() },
        { additionalProperties: true, description: 'The CADF event.', examples: [exampleEvent] },
      ),
      ...failure,
      ...missing,
    },
  },
  attributes: {
    tags,
    summary: 'Hermes: the values of an attribute, the most frequent first',
    description: 'For lists to choose from. Values that are paths can be cut to `max_depth` steps.',
    params: Type.Object({
      name: Type.String({
        description:
          '`action`, `outcome`, `request_path`, `observer_id`, `observer_type`, `target_id`, `target_type`, `initiator_id`, `initiator_type` or `initiator_name`.',
        examples: ['action'],
      }),
    }),
    querystring: Type.Object({
      max_depth: uint('How many steps of values that are paths; 0 or left out: all.', 4_294_967_295, 2),
      limit: uint('How many different values, before `max_depth`; default 10,000.', MAX_WINDOW, 100),
      ...reach,
    }),
    response: {
      200: Type.Array(Type.String(), {
        description: 'The values',
        examples: [['update/add/floatingip', 'update/remove/floatingip']],
      }),
      ...failure,
      ...missing,
    },
  },
};
