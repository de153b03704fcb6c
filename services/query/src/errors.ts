/** The errors of the query API. docs/errors.md is rendered from this table among others. */
import { defineErrors } from '@cadf-pipeline/service-kit';

export const queryErrors = defineErrors({
  QUERY_TIME_INVALID: {
    status: 400,
    title: 'A time cannot be used',
    retryable: false,
    hint: 'Mend it as `detail` says. A plus sign in a URL is written %2B.',
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
  QUERY_HERMES_PARAMETER_INVALID: {
    status: 400,
    title: 'A parameter of the Hermes interface cannot be used',
    retryable: false,
    hint: 'Mend it as the answer says; docs/hermes.md lists the parameters.',
  },
  QUERY_HERMES_ATTRIBUTE_NOT_FOUND: {
    status: 404,
    title: 'No event that can be seen has this attribute',
    retryable: false,
    hint: 'Check the name; docs/hermes.md lists the attributes.',
  },
  QUERY_NOT_ACCEPTABLE: {
    status: 406,
    title: 'None of the media types asked for can be answered',
    retryable: false,
    hint: 'Accept `application/json` or `application/x-ndjson`.',
  },
});
