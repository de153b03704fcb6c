/** What the OpenAPI document says of the intake routes. Bodies are read by our own code, byte for byte. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { NAME_ID_PATTERN } from '@cadf-pipeline/control-state';

const itemResult = {
  type: 'object',
  properties: {
    index: { type: 'integer', description: 'Place in the request, from 0.' },
    id: { type: 'string', description: "The event's id, where it could be read." },
    status: { type: 'string', enum: ['accepted', 'duplicate', 'rejected', 'dead-lettered', 'ignored'] },
    code: { type: 'string', description: 'Why it was not accepted; see docs/errors.md.' },
    detail: { type: 'string', description: 'What is wrong and how to mend it.' },
    path: { type: 'string', description: 'JSON Pointer of the fault within the event.' },
  },
  required: ['index', 'status'],
};

const answer = {
  type: 'object',
  properties: {
    accepted: { type: 'integer', description: 'Events now durable in the stream.' },
    duplicates: { type: 'integer', description: 'Events recognised as taken before.' },
    rejected: { type: 'integer', description: 'Events not taken; `results` says why.' },
    deadLettered: { type: 'integer', description: 'Raw records kept as dead letters.' },
    ignored: { type: 'integer', description: 'Raw records without interest to an audit.' },
    results: {
      type: 'array',
      items: itemResult,
      description: 'What was not accepted; everything with `?results=all`.',
    },
    resultsOmitted: {
      type: 'boolean',
      description: 'Set when an answer repeated for an Idempotency-Key lost its long list.',
    },
  },
  required: ['accepted', 'duplicates', 'rejected', 'results'],
};

const profile = Type.Optional(
  Type.Union(
    [Type.Literal('strict'), Type.Literal('openstack'), Type.Literal('ibm'), Type.Literal('lenient')],
    { description: 'Rules the events must pass; default `openstack`. See docs/profiles.md.' },
  ),
);
const source = Type.Optional(
  Type.String({
    pattern: NAME_ID_PATTERN,
    description: 'The source to submit as, where the key leaves the choice.',
  }),
);

const SubmitQuery = Type.Object(
  {
    profile,
    source,
    results: Type.Optional(Type.Literal('all', { description: 'List accepted events too.' })),
  },
  { additionalProperties: false },
);
export type SubmitQuery = Static<typeof SubmitQuery>;

const ValidateQuery = Type.Object({ profile, source }, { additionalProperties: false });
export type ValidateQuery = Static<typeof ValidateQuery>;

export const submitSchema = {
  tags: ['submission'],
  summary: 'Submit CADF events',
  description:
    'One event, an array, a CADF Log or Report, NDJSON, XML or CloudEvents; gzip or zstd. Answered after the events are durable.',
  consumes: [
    'application/json',
    'application/x-ndjson',
    'application/xml',
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
  ],
  querystring: SubmitQuery,
  headers: {
    type: 'object',
    properties: {
      'idempotency-key': {
        type: 'string',
        description: 'The same key with the same body gets the same answer for 24 hours.',
      },
    },
  },
  response: { 202: answer, 422: { ...answer, description: 'None was taken.' } },
};

export const validateSchema = {
  tags: ['submission'],
  summary: 'Check CADF events without storing them',
  consumes: submitSchema.consumes,
  querystring: ValidateQuery,
  response: {
    200: {
      type: 'object',
      properties: {
        profile: { type: 'string' },
        accepted: { type: 'integer' },
        rejected: { type: 'integer' },
        results: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              index: { type: 'integer' },
              id: { type: 'string' },
              status: { type: 'string', enum: ['accepted', 'rejected'] },
              faults: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    code: { type: 'string' },
                    severity: { type: 'string', enum: ['error', 'warning'] },
                    path: { type: 'string', description: 'JSON Pointer within the event.' },
                    detail: { type: 'string' },
                    hint: { type: 'string', description: 'How to mend it.' },
                  },
                  required: ['code', 'severity', 'path', 'detail', 'hint'],
                },
              },
            },
            required: ['index', 'status', 'faults'],
          },
        },
      },
      required: ['profile', 'accepted', 'rejected', 'results'],
    },
  },
};

const fileName = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 255,
    pattern: '^[^/\\u0000]+$',
    description:
      'Name of the file the records are from, without its folder, for logs that tell whose they are by it only.',
  }),
);

const RecordsQuery = Type.Object(
  {
    results: Type.Optional(
      Type.Literal('all', { description: 'List every record, not only what was not taken.' }),
    ),
    file: fileName,
  },
  { additionalProperties: false },
);
export type RecordsQuery = Static<typeof RecordsQuery>;

export const recordsSchema = {
  tags: ['sources'],
  summary: 'Submit raw records of a registered source',
  description:
    'Lines, JSON (a document, a list, values one after the other) or XML, as the type of the source says and the first bytes tell; entries of the systemd journal for every type. What is not understood becomes a dead letter; noise is counted as `ignored`. The counts sum to the records.',
  consumes: [
    'text/plain',
    'application/x-ndjson',
    'application/json',
    'application/json-seq',
    'text/event-stream',
    'application/xml',
    'application/vnd.fdo.journal',
  ],
  params: Type.Object({ source: Type.String({ pattern: NAME_ID_PATTERN }) }),
  querystring: RecordsQuery,
  response: { 202: answer },
};

const ReplayQuery = Type.Object({ file: fileName }, { additionalProperties: false });
export type ReplayQuery = Static<typeof ReplayQuery>;

export const uploadSchema = {
  ...recordsSchema,
  summary: 'Submit entries of the systemd journal',
  description:
    'What systemd-journal-upload calls when its URL is that of the source: the same as `records`. Upload in parts no larger than a body may be.',
  consumes: ['application/vnd.fdo.journal'],
};

export const replaySchema = {
  tags: ['dead letters'],
  summary: 'Take a dead letter again',
  description: 'With a body, that is taken in place of the original bytes: the repair.',
  params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
  querystring: ReplayQuery,
  response: {
    200: Type.Object({
      id: Type.String(),
      status: Type.String({ description: '`replayed`, or `open` when it failed again.' }),
      outcome: Type.String({ description: 'How the record ended this time.' }),
      code: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
    }),
  },
};
