/** What the client throws: a problem that the service answered (RFC 9457), or one of the client's own. */

/** Codes of the client's own; all others are the service's, listed in docs/errors.md. */
export const clientCodes = {
  /** The service cannot be reached, or the connection broke. */
  CLIENT_UNREACHABLE: 'CLIENT_UNREACHABLE',
  /** The service answered something that is not of this interface: another server behind the URL, or a proxy. */
  CLIENT_ANSWER_UNREADABLE: 'CLIENT_ANSWER_UNREADABLE',
  /** As much waits as is allowed. Nothing was taken: wait for `room()` and add again. */
  CLIENT_FULL: 'CLIENT_FULL',
  /** The text cannot be one event of a batch: empty, or larger than a batch may be. */
  CLIENT_EVENT_UNUSABLE: 'CLIENT_EVENT_UNUSABLE',
  /** The submitter was closed. */
  CLIENT_CLOSED: 'CLIENT_CLOSED',
  /** The spool cannot be used: another process has it, or the disk fails. */
  CLIENT_SPOOL_FAILED: 'CLIENT_SPOOL_FAILED',
  /** The subscription has ended for good: the service said so. */
  CLIENT_SUBSCRIPTION_ENDED: 'CLIENT_SUBSCRIPTION_ENDED',
  /** The webhook is not one that the service sent just now. */
  CLIENT_WEBHOOK_INVALID: 'CLIENT_WEBHOOK_INVALID',
} as const;

export interface ClientErrorDetails {
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** Whether the same request may succeed later. Default false. */
  readonly retryable?: boolean;
  /** How long the service asked to wait, milliseconds. */
  readonly retryAfterMs?: number;
  /** What the service calls this request in its logs. */
  readonly requestId?: string;
  /** All members of the problem, such as `fault` and `faults`. */
  readonly problem?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Decide by `code`. The message says what is wrong and how to mend it. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: string;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: ClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
    this.problem = details.problem ?? {};
  }
}
