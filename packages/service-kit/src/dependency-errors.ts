/** How the errors of the stream and the store read over HTTP. */

import type { StoreErrorCode } from '@cadf-pipeline/event-store';
import type { StreamErrorCode } from '@cadf-pipeline/event-stream';

import { defineErrors } from './problem.ts';
import type { ErrorDefinition } from './problem.ts';

const narrow = 'Ask for less: a shorter time range, fewer tenants, a narrower filter, a smaller limit.';

/** Problems for every code of `StreamError` and `StoreError`, under the same code. */
export const dependencyErrors = defineErrors({
  STREAM_OVERLOADED: {
    status: 503,
    title: 'More is being written than the stream takes',
    retryable: true,
    hint: 'Nothing of this request was taken. Send it again after `Retry-After`, and less at a time.',
  },
  STREAM_UNAVAILABLE: {
    status: 503,
    title: 'The stream does not answer',
    retryable: true,
    hint: 'Send the same request again after `Retry-After`; what was taken already is not taken twice.',
  },
  STREAM_RECORD_TOO_LARGE: {
    status: 413,
    title: 'A record is larger than the stream takes',
    retryable: false,
    hint: 'Send smaller events.',
  },
  STREAM_TOPIC_UNKNOWN: {
    status: 500,
    title: 'A topic of the stream is missing',
    retryable: false,
    hint: 'The operator has to create the topics; see docs/architecture.md.',
  },
  STREAM_CLOSED: {
    status: 503,
    title: 'The stream is closed',
    retryable: true,
    hint: 'This server is stopping: try again.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    title: 'The store does not answer',
    retryable: true,
    hint: 'Try again after `Retry-After`.',
  },
  STORE_LIMIT_ROWS: { status: 422, title: 'The query reads too many rows', retryable: false, hint: narrow },
  STORE_LIMIT_BYTES: { status: 422, title: 'The query reads too many bytes', retryable: false, hint: narrow },
  STORE_LIMIT_TIME: { status: 422, title: 'The query takes too long', retryable: false, hint: narrow },
  STORE_LIMIT_MEMORY: {
    status: 422,
    title: 'The query needs too much memory',
    retryable: false,
    hint: narrow,
  },
  STORE_CANCELLED: {
    status: 499,
    title: 'The query was cancelled',
    retryable: true,
    hint: 'The connection that asked was closed; ask again.',
  },
  STORE_CLOSED: {
    status: 503,
    title: 'The store is closed',
    retryable: true,
    hint: 'This server is stopping: try again.',
  },
  STORE_MIGRATION: {
    status: 503,
    title: 'The store has another layout than this version needs',
    retryable: false,
    hint: 'The operator has to run the migrations of this version.',
  },
  STORE_FAILED: {
    status: 500,
    title: 'The store failed',
    retryable: true,
    hint: 'Try again later; if it stays, tell the operator the `requestId`.',
  },
} satisfies Record<StreamErrorCode | StoreErrorCode, Omit<ErrorDefinition, 'code'>>);

/** Whose message is written for the caller: it says which limit or size. The others may tell inner workings. */
export const CODES_WITH_PUBLIC_MESSAGE: ReadonlySet<string> = new Set([
  'STREAM_OVERLOADED',
  'STREAM_RECORD_TOO_LARGE',
  'STORE_LIMIT_ROWS',
  'STORE_LIMIT_BYTES',
  'STORE_LIMIT_TIME',
  'STORE_LIMIT_MEMORY',
]);
