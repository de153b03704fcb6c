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
  QUERY_SQL_INVALID: {
    status: 400,
    title: 'The SQL cannot be computed',
    retryable: false,
    hint: 'Mend it as `detail` says; `position` is where, when that is known.',
  },
  QUERY_SQL_REFUSED: {
    status: 400,
    title: 'The SQL asks for something that is not offered',
    retryable: false,
    hint: 'One SELECT over `events`, with the functions and clauses of docs/sql.md.',
  },
  QUERY_SQL_OFF: {
    status: 501,
    title: 'SQL is not set up here',
    retryable: false,
    hint: 'The operator has to make a user for analysts on the ClickHouse server; see docs/sql.md.',
  },
  QUERY_NOT_ACCEPTABLE: {
    status: 406,
    title: 'None of the media types asked for can be answered',
    retryable: false,
    hint: 'Accept `application/json`, `application/x-ndjson`, `text/csv` or `application/xml`.',
  },
  QUERY_FIELDS_INVALID: {
    status: 400,
    title: '`fields` cannot be used',
    retryable: false,
    hint: 'Give paths such as `initiator/name`, with commas between; a name with other characters goes in backticks.',
  },
  QUERY_ALL_AS_JSON: {
    status: 400,
    title: 'A whole result is not answered as one JSON text',
    retryable: false,
    hint: 'Accept `application/x-ndjson`, `text/csv` or `application/xml`, or read pages of at most 10,000 events.',
  },
  QUERY_TOO_MANY_STREAMS: {
    status: 503,
    title: 'Too many whole results are being sent',
    retryable: true,
    hint: 'Wait for one to end, or read pages.',
  },
  QUERY_TOO_MANY_ASYNC: {
    status: 503,
    title: 'There are as many asynchronous queries as are kept',
    retryable: true,
    hint: 'Delete those whose result is no longer needed: GET /cadf/v1/queries lists them.',
  },
  QUERY_ASYNC_NOT_FOUND: {
    status: 404,
    title: 'There is no asynchronous query of this id that this key may see',
    retryable: false,
    hint: 'It may have expired; the process that took it alone knows it. Ask again.',
  },
  QUERY_ASYNC_NOT_DONE: {
    status: 409,
    title: 'The asynchronous query has no result',
    retryable: true,
    hint: '`status` says whether to wait, and `failure` why it failed.',
  },
  QUERY_ASYNC_TIME: {
    status: 422,
    title: 'The asynchronous query took too long',
    retryable: false,
    hint: 'Ask for less: a shorter time range, a tenant, a filter on a member that is kept in a column.',
  },
  QUERY_ASYNC_BYTES: {
    status: 422,
    title: 'The result of the asynchronous query is too large',
    retryable: false,
    hint: 'Ask for less at a time, or for the whole result as a stream: `limit=all` as NDJSON.',
  },
  QUERY_ASYNC_DISK: {
    status: 503,
    title: 'There is no room for results of asynchronous queries',
    retryable: true,
    hint: 'Delete results that are no longer needed, or wait until others expire.',
  },
  QUERY_INTERRUPTED: {
    status: 503,
    title: 'The server was stopped while the asynchronous query ran',
    retryable: true,
    hint: 'Ask again.',
  },
});
