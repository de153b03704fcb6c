/** What the OpenAPI document says of `/cimi`, and what its parameters are checked by. */
import { exampleEvent } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import { CollectionParameters, ResourceParameters } from './list-options.ts';

const tags = ['cimi'];
const CIMI = 'http://schemas.dmtf.org/cimi/2';
const headers = Type.Object({
  'cimi-specification-version': Type.Optional(
    Type.String({
      maxLength: 256,
      description: '`1.0` or `1.1` for version 1; left out: version 2.',
      examples: ['2.0'],
    }),
  ),
});
const Resource = Type.Object(
  { resourceURI: Type.String({ description: 'What it is.' }) },
  { additionalProperties: true, description: 'A resource of CIMI (DMTF DSP0263).' },
);
const Xml = { type: 'string', description: 'The same in XML.' };

const answer = (description: string, type: string, members: object): object => ({
  description,
  content: {
    'application/json': { schema: Resource, example: { resourceURI: `${CIMI}/${type}`, ...members } },
    'application/xml': { schema: Xml, example: `<${type} xmlns="${CIMI}"><id>…</id></${type}>` },
  },
});

const Job = Type.Object(
  {
    resourceURI: Type.String(),
    name: Type.String({ description: 'The code of the problem; listed at /docs/errors' }),
    state: Type.Literal('FAILED'),
    returnCode: Type.Integer({ description: '10,000 and the status' }),
    statusMessage: Type.String({ description: 'What is wrong this time' }),
  },
  { additionalProperties: true, description: 'A Job of CIMI that failed.' },
);
const failedWith = (description: string, status: number, code: string): object => ({
  description,
  content: {
    'application/json': {
      schema: Job,
      example: {
        resourceURI: `${CIMI}/Job`,
        id: '',
        name: code,
        description,
        created: '2026-11-01T12:00:00.000Z',
        state: 'FAILED',
        targetResource: { href: 'eventLogs/tenant-project-a' },
        returnCode: 10_000 + status,
        progress: 100,
        statusMessage: description,
        timeOfStatusChange: '2026-11-01T12:00:00.000Z',
      },
    },
    'application/xml': { schema: Xml, example: `<Job xmlns="${CIMI}"><name>${code}</name></Job>` },
  },
});
const failures = {
  400: failedWith('A parameter cannot be used', 400, 'REQUEST_INVALID'),
  401: failedWith('No valid credential', 401, 'UNAUTHENTICATED'),
  403: failedWith('The credential lacks the role this route needs', 403, 'FORBIDDEN_ROLE'),
  404: failedWith('There is nothing here', 404, 'NOT_FOUND'),
  406: failedWith('None of the media types asked for can be answered', 406, 'QUERY_NOT_ACCEPTABLE'),
  '4XX': failedWith('What is wrong', 429, 'AUTHENTICATION_THROTTLED'),
  '5XX': failedWith('What failed', 503, 'STORE_UNAVAILABLE'),
};

const ENTRY_POINT = {
  id: 'cloudEntryPoint',
  name: 'cadf-pipeline',
  description: 'Audit events, read-only',
  baseURI: 'https://audit.example.com/cimi/',
  resourceMetadata: { href: 'resourceMetadata' },
  eventLogs: { href: 'eventLogs' },
};
const METADATA = {
  id: 'resourceMetadata/CloudEntryPoint',
  typeURI: `${CIMI}/CloudEntryPoint`,
  name: 'CloudEntryPoint',
  capabilities: [
    {
      name: 'FilterParameter',
      uri: `${CIMI}/capability/CloudEntryPoint/FilterParameter`,
      description: '$filter on every collection',
      value: 'true',
    },
  ],
};
const LOG = {
  id: 'eventLogs/tenant-project-a',
  name: 'project-a',
  targetResource: { href: 'urn:cadf-pipeline:tenant:project-a' },
  events: { href: 'eventLogs/tenant-project-a/events' },
  summary: { low: 120, medium: 7, high: 0, critical: 0 },
};
const EVENT_KEY = `kvm-1:${exampleEvent.id}`;
const EVENT = {
  id: `events/${encodeURIComponent(EVENT_KEY)}`,
  timestamp: exampleEvent.eventTime,
  type: 'access',
  outcome: 'Failure',
  severity: 'medium',
};

const resource = { tags, headers, querystring: ResourceParameters };
const collection = { tags, headers, querystring: CollectionParameters };
const log = Type.Object({
  log: Type.String({
    minLength: 1,
    description: '`tenant-` or `source-`, and the id, percent-encoded.',
    examples: ['tenant-project-a'],
  }),
});

export const schemas = {
  entryPoint: {
    ...resource,
    summary: 'CIMI: where a consumer begins (CloudEntryPoint)',
    description: 'What there is, and under which address.',
    response: { 200: answer('The entry point', 'CloudEntryPoint', ENTRY_POINT), ...failures },
  },
  metadataList: {
    ...collection,
    summary: 'CIMI: what can be asked (ResourceMetadata)',
    description: 'The capabilities of this provider, for consumers that look before they ask.',
    response: {
      200: answer('What can be asked', 'ResourceMetadataCollection', {
        id: 'resourceMetadata',
        count: 1,
        resourceMetadata: [METADATA],
      }),
      ...failures,
    },
  },
  metadata: {
    ...resource,
    summary: 'CIMI: what the collections can be asked with',
    description: 'The query parameters that are obeyed; others are ignored, as the standard has it.',
    response: { 200: answer('The capabilities', 'ResourceMetadata', METADATA), ...failures },
  },
  logs: {
    ...collection,
    summary: 'CIMI: the event logs the caller may see',
    description: 'One per tenant and one per source, each with how many events of which severity it holds.',
    response: {
      200: answer('The logs', 'EventLogCollection', { id: 'eventLogs', count: 1, eventLogs: [LOG] }),
      ...failures,
    },
  },
  log: {
    ...resource,
    summary: 'CIMI: one event log',
    description: 'Whose it is, and how many events of which severity it holds.',
    params: log,
    response: { 200: answer('The log', 'EventLog', LOG), ...failures },
  },
  events: {
    ...collection,
    summary: 'CIMI: events of a log, newest first',
    description: 'Each event once, the CADF event as its content. `count` is of all that match.',
    params: log,
    response: {
      200: answer('The events', 'EventCollection', { id: LOG.events.href, count: 1, events: [EVENT] }),
      ...failures,
    },
  },
  event: {
    ...resource,
    summary: 'CIMI: one event',
    description: 'As a consumer of CIMI reads it, the CADF event as its content.',
    params: Type.Object({
      event: Type.String({
        minLength: 1,
        description: 'The source, a colon, and the CADF id, percent-encoded.',
        examples: [EVENT_KEY],
      }),
    }),
    response: { 200: answer('The event', 'Event', EVENT), ...failures },
  },
};
