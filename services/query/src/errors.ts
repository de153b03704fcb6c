/** The errors of the query API. docs/errors.md is rendered from this table among others. */
import { defineErrors } from '@cadf-pipeline/service-kit';

export const queryErrors = defineErrors({
  QUERY_TIME_INVALID: {
    status: 400,
    title: 'A time cannot be used',
    retryable: false,
    hint: 'Mend it as `detail` says. A plus sign in a URL is written %2B.',
  },
  QUERY_FILTER_INVALID: {
    status: 400,
    title: 'The filter cannot be understood',
    retryable: false,
    hint: '`fault` says what is wrong, in which column, and often what to write there instead; the language is in docs/query.md.',
  },
  QUERY_FIELD_INVALID: {
    status: 400,
    title: 'Events cannot be counted by this field',
    retryable: false,
    hint: 'A field is `source`, `tenant`, `tags`, or a path as in filters, such as `initiator/host/address`.',
  },
  QUERY_FIELD_TOO_DEAR: {
    status: 422,
    title: 'Too many events to read the values of this field from their texts',
    retryable: false,
    hint: 'Narrow the query by `from`, `to`, `tenant` or `filter`, or count by a field that is kept in a column.',
  },
  QUERY_INTERVAL_INVALID: {
    status: 400,
    title: 'The interval or time zone cannot be used',
    retryable: false,
    hint: 'Mend it as `detail` says; `interval=auto` always fits.',
  },
  QUERY_WINDOW_INVALID: {
    status: 400,
    title: 'The window cannot be used',
    retryable: false,
    hint: 'A duration such as `PT15M`, `PT1H` or `P1DT12H`, up to `P31D`.',
  },
  QUERY_CURSOR_INVALID: {
    status: 400,
    title: 'The cursor cannot be used',
    retryable: false,
    hint: 'Use a cursor as it was given, with the same other parameters, or start again without one.',
  },
  QUERY_EVENT_NOT_FOUND: {
    status: 404,
    title: 'No event of this id can be seen with this key',
    retryable: false,
    hint: 'Check the id and `source`; an event accepted a moment ago is readable within about a second.',
  },
  QUERY_EVENT_AMBIGUOUS: {
    status: 409,
    title: 'Several sources have an event of this id',
    retryable: false,
    hint: 'Say which with `source`; `sources` lists them.',
  },
  QUERY_DEAD_LETTER_NOT_FOUND: {
    status: 404,
    title: 'No dead letter of this id can be seen with this key',
    retryable: false,
    hint: 'GET /cadf/v1/dead-letters lists them.',
  },
  QUERY_NOT_ACCEPTABLE: {
    status: 406,
    title: 'None of the media types asked for can be answered',
    retryable: false,
    hint: 'Accept `application/json` or `application/x-ndjson`.',
  },
});
