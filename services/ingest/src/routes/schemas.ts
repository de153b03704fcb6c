/** What the OpenAPI document says of the intake routes. Bodies are read by our own code, byte for byte. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { controlErrors, NAME_ID_PATTERN } from '@cadf-pipeline/control-state';
import { ingestErrors } from '../errors.ts';
import { eventsBody, journalBody, recordsBody, repairBody } from './request-bodies.ts';

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

const TAKEN = { accepted: 12, duplicates: 0, rejected: 0, results: [] };
const NONE_TAKEN = {
  accepted: 0,
  duplicates: 0,
  rejected: 1,
  results: [
    {
      index: 0,
      status: 'rejected',
      code: 'CADF_ID_MISSING',
      detail: 'the event has no id, or it is no text: give every event a non-empty, globally unique string',
      path: '/id',
    },
  ],
};
const VERDICTS = {
  profile: 'strict',
  accepted: 0,
  rejected: 1,
  results: [
    {
      index: 0,
      status: 'rejected',
      faults: [
        {
          code: 'CADF_ID_MISSING',
          severity: 'error',
          path: '/id',
          detail: 'the event has no id, or it is no text',
          hint: 'give every event a non-empty, globally unique string in "id"',
        },
      ],
    },
  ],
};
const LETTER_ID = '7b9e1c52-3d0a-4f7e-8a51-2f6f1a0c9d11';

const { SOURCE_FORBIDDEN, SOURCE_UNKNOWN } = controlErrors;
/** What a body may be refused for before its events are looked at. */
const BODY_PROBLEMS = [
  ingestErrors.INGEST_BODY_EMPTY,
  ingestErrors.INGEST_BODY_DAMAGED,
  ingestErrors.INGEST_BODY_UNREADABLE,
  ingestErrors.INGEST_BODY_TOO_LARGE,
  ingestErrors.INGEST_TOO_MANY_EVENTS,
  ingestErrors.INGEST_CONTENT_TYPE_UNSUPPORTED,
  ingestErrors.INGEST_CONTENT_ENCODING_UNSUPPORTED,
];

const profile = Type.Optional(
  Type.Union(
    [Type.Literal('strict'), Type.Literal('openstack'), Type.Literal('ibm'), Type.Literal('lenient')],
    {
      description: 'Rules the events must pass; default `openstack`. See docs/profiles.md.',
      examples: ['strict'],
    },
  ),
);
const source = Type.Optional(
  Type.String({
    pattern: NAME_ID_PATTERN,
    description: 'The source to submit as, where the key leaves the choice.',
    examples: ['kvm-1'],
  }),
);

const SubmitQuery = Type.Object(
  {
    profile,
    source,
    results: Type.Optional(
      Type.Literal('all', { description: 'List accepted events too.', examples: ['all'] }),
    ),
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
  requestBody: eventsBody,
  problems: [
    ...BODY_PROBLEMS,
    SOURCE_FORBIDDEN,
    SOURCE_UNKNOWN,
    ingestErrors.INGEST_IDEMPOTENCY_KEY_INVALID,
    ingestErrors.INGEST_IDEMPOTENCY_CONFLICT,
    ingestErrors.INGEST_OVERLOADED,
  ],
  querystring: SubmitQuery,
  headers: {
    type: 'object',
    properties: {
      'idempotency-key': {
        type: 'string',
        description: 'The same key with the same body gets the same answer for 24 hours.',
        examples: ['batch-2026-11-01-0001'],
      },
    },
  },
  response: {
    202: { ...answer, description: 'What was taken, and what was not', examples: [TAKEN] },
    422: { ...answer, description: 'None was taken.', examples: [NONE_TAKEN] },
  },
};

export const validateSchema = {
  tags: ['submission'],
  summary: 'Check CADF events without storing them',
  description: 'The verdict on each event by a profile, with the place of each fault and how to mend it.',
  requestBody: eventsBody,
  problems: [...BODY_PROBLEMS, SOURCE_FORBIDDEN, SOURCE_UNKNOWN],
  querystring: ValidateQuery,
  response: {
    200: {
      type: 'object',
      description: 'The verdicts',
      examples: [VERDICTS],
      properties: {
        profile: { type: 'string', description: 'By which it was judged.' },
        accepted: { type: 'integer', minimum: 0 },
        rejected: { type: 'integer', minimum: 0 },
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
    examples: ['db01.log'],
  }),
);

const RecordsQuery = Type.Object(
  {
    results: Type.Optional(
      Type.Literal('all', {
        description: 'List every record, not only what was not taken.',
        examples: ['all'],
      }),
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
  requestBody: recordsBody,
  problems: [
    ...BODY_PROBLEMS,
    SOURCE_FORBIDDEN,
    SOURCE_UNKNOWN,
    ingestErrors.INGEST_SOURCE_UNKNOWN,
    ingestErrors.INGEST_SOURCE_NOT_RAW,
    ingestErrors.INGEST_OVERLOADED,
  ],
  params: Type.Object({
    source: Type.String({
      pattern: NAME_ID_PATTERN,
      description: 'Id of the registered source.',
      examples: ['kvm-1'],
    }),
  }),
  querystring: RecordsQuery,
  response: {
    202: {
      ...answer,
      description: 'How the records ended',
      examples: [{ ...TAKEN, deadLettered: 0, ignored: 3 }],
    },
  },
};

const ReplayQuery = Type.Object({ file: fileName }, { additionalProperties: false });
export type ReplayQuery = Static<typeof ReplayQuery>;

export const uploadSchema = {
  ...recordsSchema,
  summary: 'Submit entries of the systemd journal',
  description:
    'What systemd-journal-upload calls when its URL is that of the source: the same as `records`. Upload in parts no larger than a body may be.',
  requestBody: journalBody,
};

export const replaySchema = {
  tags: ['dead letters'],
  summary: 'Take a dead letter again',
  description: 'With a body, that is taken in place of the original bytes: the repair.',
  requestBody: repairBody,
  problems: [...BODY_PROBLEMS, SOURCE_FORBIDDEN, ingestErrors.INGEST_DEAD_LETTER_NOT_FOUND],
  params: Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64, description: 'As listed.', examples: [LETTER_ID] }),
  }),
  querystring: ReplayQuery,
  response: {
    200: Type.Object(
      {
        id: Type.String(),
        status: Type.String({ description: '`replayed`, or `open` when it failed again.' }),
        outcome: Type.String({ description: 'How the record ended this time.' }),
        code: Type.Optional(Type.String({ description: 'Why it failed again.' })),
        detail: Type.Optional(Type.String({ description: 'What is wrong and how to mend it.' })),
      },
      { description: 'How it ended', examples: [{ id: LETTER_ID, outcome: 'accepted', status: 'replayed' }] },
    ),
  },
};
