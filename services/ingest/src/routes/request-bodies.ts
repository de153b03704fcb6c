/** What the API document says of the bodies of intake, which are read byte for byte by our own code. */
import { exampleEvent } from '@cadf-pipeline/service-kit';

type RequestBody = { readonly required: boolean; readonly content: Readonly<Record<string, object>> };

/** A body that is text. The example stands in the schema: the generator of the document takes nothing else of a body. */
const text = (description: string, example: string): object => ({
  schema: { type: 'string', minLength: 1, description, examples: [example] },
});

const Event = {
  type: 'object',
  title: 'Event',
  description:
    'A CADF event (DSP0262), a CADF Log or Report of events, or an OpenStack notification with one. Which members an event needs, the profile says; unknown members are kept.',
  properties: {
    id: { type: 'string', description: 'Globally unique: the same event may come again.' },
    typeURI: { type: 'string' },
    eventType: { type: 'string', description: '`activity`, `monitor` or `control`.' },
    eventTime: { type: 'string', description: 'ISO 8601 with a zone.' },
    action: { type: 'string', description: 'What was done: a path of the action taxonomy.' },
    outcome: { type: 'string', description: '`success`, `failure`, `unknown` or `pending`.' },
  },
  additionalProperties: true,
};
const CloudEvent = {
  type: 'object',
  title: 'CloudEvent',
  required: ['specversion', 'id', 'source', 'type', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', minLength: 1 },
    type: { type: 'string', minLength: 1 },
    data: { type: 'object', description: 'The CADF event.' },
  },
  additionalProperties: true,
};
const cloudEvent = {
  specversion: '1.0',
  id: exampleEvent.id,
  source: 'urn:example:compute',
  type: 'org.dmtf.cadf.event',
  datacontenttype: 'application/json',
  data: exampleEvent,
};

const XML = `<?xml version="1.0" encoding="UTF-8"?>
<cadf:event xmlns:cadf="http://schemas.dmtf.org/cloud/audit/1.0/event" id="${exampleEvent.id}" eventType="activity" eventTime="${exampleEvent.eventTime}" action="update" outcome="success"><cadf:initiator id="u-1" typeURI="data/security/account/user"/><cadf:target id="vm-1" typeURI="compute/machine"/><cadf:observer id="compute-1" typeURI="service/compute"/></cadf:event>`;

/** Of `POST /cadf/v1/events` and of `POST /cadf/v1/validate`. */
export const eventsBody: RequestBody = {
  required: true,
  content: {
    'application/json': {
      schema: {
        anyOf: [Event, { type: 'array', items: Event }],
        examples: [exampleEvent, [exampleEvent]],
      },
    },
    'application/x-ndjson': text('One event per line.', `${JSON.stringify(exampleEvent)}\n`),
    'application/xml': text('A CADF event, Log or Report in XML.', XML),
    'application/cloudevents+json': {
      schema: { ...CloudEvent, examples: [cloudEvent] },
    },
    'application/cloudevents-batch+json': {
      schema: { type: 'array', items: CloudEvent, examples: [[cloudEvent]] },
    },
  },
};

const LINE =
  'type=VIRT_CONTROL msg=audit(1793534400.000:7): pid=1 uid=0 auid=4294967295 ses=4294967295 msg=\'virt=kvm op=start reason=booted vm="db01" uuid=0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9 vm-pid=4711 exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success\'\n';
const JOURNAL = '__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1793534400000000\nMESSAGE=started\n\n';
const RECORD = { message: LINE.trimEnd() };

const journal = text('Entries in the export format of the systemd journal.', JOURNAL);

/** Of `POST /cadf/v1/sources/{source}/upload`. */
export const journalBody: RequestBody = {
  required: true,
  content: { 'application/vnd.fdo.journal': journal },
};

/** Of `POST /cadf/v1/sources/{source}/records`: any media type is taken, these are the usual ones. */
export const recordsBody: RequestBody = {
  required: true,
  content: {
    'text/plain': text('One record per line, or as the type of the source has them.', LINE),
    'application/x-ndjson': text('One JSON value per line.', `${JSON.stringify(RECORD)}\n`),
    'application/json': {
      schema: {
        description: 'A document of the source, a list of them, or its lines in members.',
        examples: [RECORD],
      },
    },
    'application/json-seq': text(
      'RFC 7464: each JSON value after a record separator.',
      `\u001e${JSON.stringify(RECORD)}\n`,
    ),
    'text/event-stream': text(
      'Server-sent events, the records in their data.',
      `data: ${JSON.stringify(RECORD)}\n\n`,
    ),
    'application/xml': text('A document, or elements one after the other.', '<record/>'),
    ...journalBody.content,
  },
};

/** Of `POST /cadf/v1/dead-letters/{id}/replay`. */
export const repairBody: RequestBody = {
  required: false,
  content: {
    'application/octet-stream': text(
      'The bytes in place of the original ones. Left out: the original ones.',
      LINE,
    ),
  },
};
