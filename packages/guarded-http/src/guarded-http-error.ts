/** Why a guarded request came to nothing. */

/**
 * - `refused`: the URL, or an address it leads to, is not allowed.
 * - `unreachable`: no connection, or its certificate is not trusted; nothing was sent.
 * - `broken`: the connection ended, or what came over it is not HTTP; the request may have been taken.
 * - `late`: the deadline passed, or nothing came for too long.
 * - `too-large`: the answer is larger than was asked for.
 * - `redirected`: the answer sends elsewhere, where nobody goes.
 */
export type GuardedHttpFault = 'refused' | 'unreachable' | 'broken' | 'late' | 'too-large' | 'redirected';

/** The message is a sentence for whoever entered the URL, and holds no part of it but the host. */
export class GuardedHttpError extends Error {
  override readonly name = 'GuardedHttpError';
  readonly fault: GuardedHttpFault;

  constructor(fault: GuardedHttpFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }

  /** Whether the same request may succeed by itself later. */
  get retryable(): boolean {
    return this.fault === 'unreachable' || this.fault === 'broken' || this.fault === 'late';
  }
}
