import { defineErrors, ProblemError } from './problem.ts';
import type { ErrorDefinition } from './problem.ts';
import { toFaults } from './schema-faults.ts';
import type { SchemaError } from './schema-faults.ts';

/** The errors every HTTP service of the product can answer. */
export const frameworkErrors = defineErrors({
  REQUEST_INVALID: {
    status: 400,
    title: 'The request does not have the form this route needs',
    retryable: false,
    hint: 'Mend the places listed in `faults`; /openapi.json describes the form.',
  },
  URL_INVALID: {
    status: 400,
    title: 'The path cannot be read',
    retryable: false,
    hint: 'Percent-encode the path segments (RFC 3986) and keep each below 1,024 bytes.',
  },
  BODY_NOT_JSON: {
    status: 400,
    title: 'The body is not JSON',
    retryable: false,
    hint: 'Send one complete JSON text in UTF-8 (RFC 8259).',
  },
  BODY_INCOMPLETE: {
    status: 400,
    title: 'The body does not have the length its header says',
    retryable: true,
    hint: 'Send the whole body, with the right Content-Length or chunked.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'No valid credential',
    retryable: false,
    hint: 'Send `Authorization: Bearer <key>` with a key that exists and is neither expired nor revoked.',
  },
  FORBIDDEN_ROLE: {
    status: 403,
    title: 'The credential lacks the role this route needs',
    retryable: false,
    hint: 'Use a key that has one of the roles in `missingRole`.',
  },
  FORBIDDEN_TENANT: {
    status: 403,
    title: 'The credential does not reach this tenant',
    retryable: false,
    hint: 'Ask for a tenant of the key, or leave `tenant` out.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'There is nothing here',
    retryable: false,
    hint: 'Check the path; /docs lists the routes of this server.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'This path does not take this method',
    retryable: false,
    hint: 'Use a method of the `Allow` header.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request did not arrive in time',
    retryable: true,
    hint: 'Send faster or in smaller parts.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is larger than this route takes',
    retryable: false,
    hint: 'Send it in smaller parts.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'This route does not take this content type',
    retryable: false,
    hint: 'Use a content type that /docs lists for this route.',
  },
  AUTHENTICATION_THROTTLED: {
    status: 429,
    title: 'Too many failed attempts from this address',
    retryable: true,
    hint: 'Mend the key, then wait as long as `Retry-After` says.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The request headers are too large',
    retryable: false,
    hint: 'Keep the request line and all headers together below the limit, 16 KiB by default.',
  },
  HTTP_MALFORMED: {
    status: 400,
    title: 'This is not HTTP/1.1',
    retryable: false,
    hint: 'Check the client, and that it speaks TLS exactly where the server does.',
  },
  IDENTITY_UNAVAILABLE: {
    status: 503,
    title: 'The service that knows this credential does not answer',
    retryable: true,
    hint: 'Try again after `Retry-After`, or use an API key.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'This server is stopping',
    retryable: true,
    hint: 'Open a new connection and try again.',
  },
  INTERNAL: {
    status: 500,
    title: 'The server failed',
    retryable: true,
    hint: 'Try again later; if it stays, tell the operator the `requestId`.',
  },
});

const BY_FASTIFY_CODE: Readonly<Record<string, ErrorDefinition>> = {
  FST_ERR_NOT_FOUND: frameworkErrors.NOT_FOUND,
  FST_ERR_BAD_URL: frameworkErrors.URL_INVALID,
  FST_ERR_MAX_PARAM_LENGTH: frameworkErrors.URL_INVALID,
  FST_ERR_CTP_BODY_TOO_LARGE: frameworkErrors.BODY_TOO_LARGE,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: frameworkErrors.MEDIA_TYPE_UNSUPPORTED,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: frameworkErrors.BODY_INCOMPLETE,
  FST_ERR_CTP_EMPTY_JSON_BODY: frameworkErrors.BODY_NOT_JSON,
  FST_ERR_CTP_INVALID_JSON_BODY: frameworkErrors.BODY_NOT_JSON,
  // A client that goes away in the middle of its body; nobody reads the answer, the log line matters.
  ECONNRESET: frameworkErrors.BODY_INCOMPLETE,
  ECONNABORTED: frameworkErrors.BODY_INCOMPLETE,
};

/** What a thrown value has that this mapping reads. */
interface Thrown {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  readonly validation?: readonly SchemaError[];
  readonly validationContext?: string;
}

/** Turns an error of Fastify itself into a problem; undefined for errors it does not know. */
export function fromFastifyError(error: unknown): ProblemError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const thrown: Thrown = error;
  if (Array.isArray(thrown.validation)) {
    const place = thrown.validationContext ?? 'request';
    const faults = toFaults(place, thrown.validation);
    return new ProblemError(frameworkErrors.REQUEST_INVALID, {
      detail: faults.map((fault) => `${fault.path} ${fault.message}`).join('; ') || 'invalid',
      faults,
    });
  }
  const definition = typeof thrown.code === 'string' ? BY_FASTIFY_CODE[thrown.code] : undefined;
  if (definition !== undefined)
    return new ProblemError(definition, { detail: String(thrown.message ?? ''), cause: error });
  // A body parser's SyntaxError (or a poisoned key) has status 400 and no code of its own.
  if (error instanceof SyntaxError && thrown.statusCode === 400) {
    return new ProblemError(frameworkErrors.BODY_NOT_JSON, { detail: error.message });
  }
  return undefined;
}
