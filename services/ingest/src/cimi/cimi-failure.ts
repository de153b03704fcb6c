/** Why a CIMI provider could not be read: what a collector reports, and whether a later poll may succeed. */

export type CimiFailureCode =
  /** No connection, or one that ended within an answer. */
  | 'CIMI_UNREACHABLE'
  | 'CIMI_TIMEOUT'
  /** Its certificate is not to be trusted, or it does not trust ours. */
  | 'CIMI_TLS'
  /** A status that is no answer; `status` has it. */
  | 'CIMI_STATUS'
  /** 401 or 403. */
  | 'CIMI_NOT_ALLOWED'
  /** 404 or 410. */
  | 'CIMI_GONE'
  | 'CIMI_BODY_TOO_LARGE'
  /** More bytes or requests than one poll may have. */
  | 'CIMI_BUDGET'
  /** An address outside the entry point's origin: it was not asked. */
  | 'CIMI_OTHER_ORIGIN'
  | 'CIMI_REDIRECTS'
  /** Neither JSON nor XML of CIMI. */
  | 'CIMI_DOCUMENT'
  /** A collection without an end, or with fewer items than it counts: what it lists was taken. */
  | 'CIMI_LISTING_CUT'
  /** The URL of the setting itself. */
  | 'CIMI_URL';

export interface CimiFailureFacts {
  readonly status?: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable?: boolean;
  /** What the provider asked for by `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Its message says what was asked, what came and how to mend it; never a secret. */
export class CimiFailure extends Error {
  readonly code: CimiFailureCode;
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: CimiFailureCode, message: string, facts: CimiFailureFacts = {}) {
    super(message, { cause: facts.cause });
    this.name = 'CimiFailure';
    this.code = code;
    this.status = facts.status;
    this.retryable = facts.retryable ?? false;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
