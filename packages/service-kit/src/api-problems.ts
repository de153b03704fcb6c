/** What the API document says of failures: which problems a route answers, by status, each with an example. */
import { frameworkErrors } from './framework-errors.ts';
import { PROBLEM_MEDIA_TYPE, ProblemError, toProblemDocument } from './problem.ts';
import type { ErrorDefinition, ErrorTable } from './problem.ts';

declare module 'fastify' {
  interface FastifySchema {
    /** Problems the route answers with, beside those that its configuration and its parameters bring. */
    problems?: readonly ErrorDefinition[];
  }
}

const EXAMPLE_REQUEST_ID = '2b1f6d0c-8d5e-4a37-9a57-3f0a1c9e7b42';

/** RFC 9457, with the members that all problems of the product have. */
export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'What went wrong (RFC 9457)',
  required: ['type', 'title', 'status', 'code', 'retryable', 'hint'],
  properties: {
    type: { type: 'string', description: 'Where the code is explained' },
    title: { type: 'string', description: 'The same every time' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', description: 'Stable; listed at /docs/errors' },
    detail: { type: 'string', description: 'What is wrong this time' },
    retryable: { type: 'boolean', description: 'Whether the same request may succeed later' },
    hint: { type: 'string', description: 'How to mend it' },
    requestId: { type: 'string', description: 'As in the header X-Request-Id' },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

/** Of an answer that may be a problem of any code. */
export const PROBLEM_CONTENT = {
  [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } },
};

/** What of a route decides how it may fail. */
export interface FailingRoute {
  readonly isPublic: boolean;
  /** Has a query string, path parameters or headers that are checked. */
  readonly hasParameters: boolean;
  /** Has a body that is checked before the route sees it. */
  readonly hasCheckedBody: boolean;
  /** Whether its method may have a body. */
  readonly takesBody: boolean;
  readonly problems: readonly ErrorDefinition[];
}

/** The responses of a route's problems by status, and `default` for what may befall every route. */
export function problemResponses(route: FailingRoute): Record<string, object> {
  const problems = [
    ...(route.hasParameters || route.hasCheckedBody ? [frameworkErrors.REQUEST_INVALID] : []),
    ...(route.hasParameters ? [frameworkErrors.URL_INVALID] : []),
    ...(route.hasCheckedBody ? [frameworkErrors.BODY_NOT_JSON] : []),
    ...(route.takesBody
      ? [
          frameworkErrors.BODY_INCOMPLETE,
          frameworkErrors.BODY_TOO_LARGE,
          frameworkErrors.MEDIA_TYPE_UNSUPPORTED,
        ]
      : []),
    ...(route.isPublic
      ? []
      : [
          frameworkErrors.UNAUTHENTICATED,
          frameworkErrors.FORBIDDEN_ROLE,
          frameworkErrors.AUTHENTICATION_THROTTLED,
        ]),
    ...route.problems,
  ];
  const byStatus = Map.groupBy(new Set(problems), ({ status }) => String(status));
  return {
    ...Object.fromEntries([...byStatus].map(([status, these]) => [status, problemResponse(status, these)])),
    default: problemResponse('default', [
      frameworkErrors.HTTP_MALFORMED,
      frameworkErrors.REQUEST_TIMEOUT,
      frameworkErrors.HEADERS_TOO_LARGE,
      frameworkErrors.SHUTTING_DOWN,
      frameworkErrors.INTERNAL,
    ]),
  };
}

function problemResponse(status: string, problems: readonly ErrorDefinition[]): object {
  return {
    description:
      status === 'default'
        ? 'What may befall every request; /docs/errors lists all problems'
        : problems.map(({ title }) => title).join('; or: '),
    ...(status in HEADERS ? { headers: HEADERS[status] } : {}),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        ...PROBLEM_CONTENT[PROBLEM_MEDIA_TYPE],
        examples: Object.fromEntries(
          problems.map(({ code }) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}

/** Each problem of the tables as an example, by its code. */
export function problemExamples(tables: readonly ErrorTable[]): Record<string, object> {
  const problems = tables.flatMap((table) => Object.values(table));
  return Object.fromEntries(
    problems.map((definition) => [
      definition.code,
      {
        summary: definition.title,
        value: toProblemDocument(new ProblemError(definition), EXAMPLE_REQUEST_ID),
      },
    ]),
  );
}

const header = (description: string, example: string): object => ({
  type: 'string',
  description,
  examples: [example],
});
const HEADERS: Readonly<Record<string, object>> = {
  '401': {
    'WWW-Authenticate': header('How to authenticate (RFC 6750)', 'Bearer realm="cadf-pipeline"'),
  },
  '429': { 'Retry-After': header('Seconds to wait', '1') },
  '503': { 'Retry-After': header('Seconds to wait', '1') },
};
