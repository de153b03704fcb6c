/**
 * Errors a caller of the HTTP interface may meet: RFC 9457 problem details, each with a stable `code`. Every
 * service has one table of them (`defineErrors`); docs/errors.md is rendered from the tables.
 */

/** What is the same every time a code is answered. */
export interface ErrorDefinition {
  /** Stable, upper case, unique in the product: callers decide by it. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** One short sentence, the same every time. */
  readonly title: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** How to mend it. */
  readonly hint: string;
}

/** Error definitions by code. */
export type ErrorTable = Readonly<Record<string, ErrorDefinition>>;

/** Makes a table of errors; the keys become the codes. Throws on a status outside 400 to 599. */
export function defineErrors<const T extends Readonly<Record<string, Omit<ErrorDefinition, 'code'>>>>(
  table: T,
): { readonly [K in keyof T & string]: ErrorDefinition & { readonly code: K } } {
  const entries = Object.entries(table).map(([code, rest]) => {
    if (!/^[A-Z][A-Z0-9_]*$/.test(code)) throw new Error(`error code ${code} is not UPPER_CASE`);
    if (rest.status < 400 || rest.status > 599) throw new Error(`error ${code} has status ${rest.status}`);
    return [code, Object.freeze({ code, ...rest })];
  });
  // The entries are the table's own keys, each with its key as code.
  return Object.freeze(Object.fromEntries(entries)) as {
    readonly [K in keyof T & string]: ErrorDefinition & { readonly code: K };
  };
}

/** One fault within a request. */
export interface ProblemFault {
  /** Where: `body`, `querystring`, `params` or `headers` and the JSON Pointer (RFC 6901) in it, as `body/name`. */
  readonly path: string;
  readonly message: string;
}

export interface ProblemOptions {
  /** What is wrong this time, for a person. Sent to the caller: no secrets, no inner workings. */
  readonly detail?: string;
  /** Sent as `Retry-After`, whole seconds. */
  readonly retryAfterSeconds?: number;
  readonly faults?: readonly ProblemFault[];
  /** Further members of the problem document (RFC 9457 §3.2). They cannot replace the standard ones. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Further response headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Logged, never sent. */
  readonly cause?: unknown;
}

/** Thrown by routes and hooks; the problem plugin makes the answer of it. */
export class ProblemError extends Error {
  readonly definition: ErrorDefinition;
  readonly code: string;
  readonly statusCode: number;
  readonly options: ProblemOptions;
  constructor(definition: ErrorDefinition, options: ProblemOptions = {}) {
    super(
      options.detail ?? definition.title,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'ProblemError';
    this.definition = definition;
    this.code = definition.code;
    this.statusCode = definition.status;
    this.options = options;
  }
}

/** The document as sent (RFC 9457 §3); `type` is the place of the code in the human pages of the same server. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly retryable: boolean;
  readonly hint: string;
  readonly requestId?: string;
  readonly faults?: readonly ProblemFault[];
  readonly [member: string]: unknown;
}

/** The media type of RFC 9457. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Makes the document to send. */
export function toProblemDocument(error: ProblemError, requestId?: string): ProblemDocument {
  const { definition, options } = error;
  return {
    ...options.members,
    type: `/docs/errors#${definition.code}`,
    title: definition.title,
    status: definition.status,
    code: definition.code,
    ...(options.detail === undefined ? {} : { detail: options.detail }),
    retryable: definition.retryable,
    hint: definition.hint,
    ...(requestId === undefined ? {} : { requestId }),
    ...(options.faults === undefined ? {} : { faults: options.faults }),
  };
}
