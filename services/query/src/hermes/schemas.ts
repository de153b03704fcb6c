/** What the OpenAPI document says of `/v1`. */
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
const uint = (description: string, maximum: number): ReturnType<typeof Type.Optional> =>
  Type.Optional(Type.Integer({ minimum: 0, maximum, description }));
const NEGATED = 'The whole value; `!` before it: events that do not have it.';
const reach = {
  project_id: text('Another project than the caller’s own, where the caller may; `*`: all.'),
  domain_id: text('Another domain, likewise. With `project_id`: nothing.'),
};
const TIME =
  '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):?[0-5][0-9])?';
const BOUND = `(gte?|lte?):${TIME}`;
const KEY = `(time|${FILTERS.join('|')}|source|resource_type|resource_name|event_type)(:asc|:desc)?`;
const former = (name: string): ReturnType<typeof Type.Optional> =>
  Type.Optional(
    Type.String({ maxLength: maxLengthOf(''), deprecated: true, description: `Older name of \`${name}\`.` }),
  );

/** What never reaches a route, such as headers that are too large, is answered as everywhere. */
const content = {
  'text/plain': { schema: { type: 'string' } },
  'application/problem+json': { schema: { type: 'object' } },
};
const failure = {
  '4XX': { description: 'What is wrong, in words', content },
  '5XX': { description: 'What failed, in words', content },
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
    examples: [
      {
        id: 'd3f6695e-8a55-5db1-895c-9f7f0910b7a5',
        eventTime: '2017-11-01T12:28:58.660965+00:00',
        action: 'create/role_assignment',
        outcome: 'success',
        requestPath: '/v3/role_assignments',
        initiator: { typeURI: 'service/security/account/user', id: 'u-1', name: 'ada' },
        target: { typeURI: 'service/security/account/user', id: 'u-2' },
        observer: { typeURI: 'service/security', id: '0e8a00bf-e36c-5a51-9418-2d56d59c8887' },
      },
    ],
  },
);

export const schemas = {
  versions: {
    tags,
    summary: 'Hermes: which versions there are',
    response: { 300: Type.Object({ versions: Type.Array(Version) }) },
  },
  version: {
    tags,
    summary: 'Hermes: version 1',
    response: { 200: Type.Object({ version: Version }), ...failure },
  },
  events: {
    tags,
    summary: 'Hermes: list events, newest first',
    description:
      'For clients of the Hermes audit API, as they are. Parameters that Hermes does not know are passed over, as it does.',
    querystring: Type.Object({
      observer_type: text(NEGATED, 'service/compute'),
      target_type: text(NEGATED, 'compute/server'),
      target_id: text(NEGATED),
      initiator_id: text(NEGATED),
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
      ),
      limit: uint('How many to list; default 10.', MAX_WINDOW),
      ...reach,
      source: former('observer_type'),
      resource_type: former('target_type'),
      resource_name: former('target_id'),
      user_name: former('initiator_id'),
      event_type: former('action'),
    }),
    response: {
      200: Type.Object({
        next: Type.Optional(Type.String({ description: 'Absent on the last page.' })),
        previous: Type.Optional(Type.String({ description: 'Absent on the first page.' })),
        events: Type.Array(Item),
        total: Type.Integer({ description: 'How many events the filters find.' }),
      }),
      ...failure,
    },
  },
  event: {
    tags,
    summary: 'Hermes: one event, whole',
    params: Type.Object({
      id: Type.String({ format: 'uuid', description: 'The CADF id. One that is no UUID is found, too.' }),
    }),
    querystring: Type.Object(reach),
    response: {
      200: Type.Object({}, { additionalProperties: true, description: 'The CADF event.' }),
      ...failure,
    },
  },
  attributes: {
    tags,
    summary: 'Hermes: the values of an attribute, the most frequent first',
    params: Type.Object({
      name: Type.String({
        description:
          '`action`, `outcome`, `request_path`, `observer_id`, `observer_type`, `target_id`, `target_type`, `initiator_id`, `initiator_type` or `initiator_name`.',
        examples: ['action'],
      }),
    }),
    querystring: Type.Object({
      max_depth: uint('How many steps of values that are paths; 0 or left out: all.', 4_294_967_295),
      limit: uint('How many different values, before `max_depth`; default 10,000.', MAX_WINDOW),
      ...reach,
    }),
    response: {
      200: Type.Array(Type.String(), { examples: [['update/add/floatingip', 'update/remove/floatingip']] }),
      ...failure,
    },
  },
};
