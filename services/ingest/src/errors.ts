/** The errors of intake. docs/errors.md is rendered from this table among others. */
import { defineErrors } from '@cadf-pipeline/service-kit';
import { importErrorRows, importFaults } from './import/import-errors.ts';

export const ingestErrors = defineErrors({
  INGEST_CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The body is of a media type that is not read here',
    retryable: false,
    hint: 'Send application/json, application/x-ndjson, application/xml, application/cloudevents+json or application/cloudevents-batch+json, in UTF-8.',
  },
  INGEST_CONTENT_ENCODING_UNSUPPORTED: {
    status: 415,
    title: 'The body is packed in a way that is not read here',
    retryable: false,
    hint: 'Send it plain, or with Content-Encoding gzip or zstd.',
  },
  INGEST_BODY_DAMAGED: {
    status: 400,
    title: 'The body cannot be unpacked',
    retryable: false,
    hint: 'Nothing was stored. Send the whole body again, packed as Content-Encoding says.',
  },
  INGEST_BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is larger than is taken at once',
    retryable: false,
    hint: 'Nothing was stored. Send fewer events at a time.',
  },
  INGEST_BODY_EMPTY: {
    status: 400,
    title: 'The body is empty',
    retryable: false,
    hint: 'Send at least one event.',
  },
  INGEST_BODY_UNREADABLE: {
    status: 400,
    title: 'The body cannot be read as what its Content-Type says',
    retryable: false,
    hint: 'Nothing was stored. Mend the place that `detail` names.',
  },
  INGEST_TOO_MANY_EVENTS: {
    status: 413,
    title: 'The body holds more events than are taken at once',
    retryable: false,
    hint: 'Nothing was stored. Send fewer events at a time.',
  },
  INGEST_SOURCE_UNKNOWN: {
    status: 404,
    title: 'No such source is registered',
    retryable: false,
    hint: 'Register it with PUT /cadf/v1/admin/sources/{id}.',
  },
  INGEST_SOURCE_NOT_RAW: {
    status: 409,
    title: 'The source does not take raw records',
    retryable: false,
    hint: 'Submit its CADF events to POST /cadf/v1/events, or register it with the type of its log.',
  },
  INGEST_OVERLOADED: {
    status: 429,
    title: 'More is coming in than the stream and the store take',
    retryable: true,
    hint: 'Nothing of this request was taken. Send it again after `Retry-After`.',
  },
  INGEST_IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    title: 'The Idempotency-Key cannot be used',
    retryable: false,
    hint: 'Use 1 to 200 visible ASCII characters.',
  },
  INGEST_IDEMPOTENCY_CONFLICT: {
    status: 409,
    title: 'The Idempotency-Key was used for another body',
    retryable: false,
    hint: 'Use a fresh key for each body, the same key only to repeat one.',
  },
  INGEST_DEAD_LETTER_NOT_FOUND: {
    status: 404,
    title: 'No dead letter of this id can be seen with this key',
    retryable: false,
    hint: 'GET /cadf/v1/dead-letters lists them.',
  },
  ...importErrorRows,
});

/**
 * Why one item of a submission was not taken, beside the faults of the model's validation. They stand in `results`
 * with the item, not as the status of the answer.
 */
export const itemFaults = {
  INGEST_ITEM_JSON:
    'The text is not JSON. A body cut off half-way ends so: what was whole before it is taken.',
  INGEST_ITEM_ENCODING: 'The text is not UTF-8.',
  INGEST_ITEM_TOO_LARGE: 'The event is larger than is taken.',
  INGEST_ITEM_TOO_DEEP: 'The event is nested deeper than is read.',
  INGEST_ITEM_NOT_AN_EVENT: 'There is JSON, but no CADF event and no envelope that holds one.',
  INGEST_NORMALIZER_FAILED:
    'The reader of the source’s type failed at a raw record, or told nothing of it. This is a fault of the program; replay the dead letter with a version that has mended it.',
  INGEST_OUTCOME_UNSTORABLE:
    'The event made of a raw record cannot be stored, mostly as it is larger than the stream takes. Shorten the record, or keep it out of the source.',
  SYSLOG_SENDER_UNKNOWN:
    'No source listens to the sender of a syslog message. List its address in `listen.syslog` of a source, or set CADF_SYSLOG_SOURCE.',
  SYSLOG_FRAMING_INVALID:
    'What came over a syslog connection is no frame of RFC 6587; the connection was closed. Send lines or counted octets, and TLS only where it is spoken.',
  SYSLOG_FRAME_INCOMPLETE:
    'A syslog connection ended in the midst of a message. The sender does not know that; look for the rest in its own log.',
  ...importFaults,
} as const;

export type ItemFaultCode = keyof typeof itemFaults;
