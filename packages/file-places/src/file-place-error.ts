/** Why a place did not do what it was asked. */

/**
 * - `name`: the name of a file is not allowed.
 * - `not-found`: there is no such file.
 * - `content-differs`: bytes or SHA-256 of the content are not what was announced.
 * - `place`: what describes the place is wrong (path, bucket, region, endpoint).
 * - `no-place`: the directory or bucket is not there.
 * - `refused`: an address, or a path outside of the allowed roots.
 * - `credentials`: the bucket does not know them, or their signature is wrong.
 * - `denied`: they are known, and may not do this.
 * - `full`: no space, or over a quota.
 * - `too-large`: more than a file may have here.
 * - `changed`: the file was replaced while it was read.
 * - `unreachable`: no connection, or no answer in time.
 * - `busy`: the bucket asks for fewer requests, or failed inside.
 * - `failed`: anything else; the message says what.
 */
export type FilePlaceFault =
  | 'name'
  | 'not-found'
  | 'content-differs'
  | 'place'
  | 'no-place'
  | 'refused'
  | 'credentials'
  | 'denied'
  | 'full'
  | 'too-large'
  | 'changed'
  | 'unreachable'
  | 'busy'
  | 'failed';

const RETRYABLE: ReadonlySet<FilePlaceFault> = new Set(['full', 'changed', 'unreachable', 'busy']);

/** The message is a sentence for whoever described the place: what is wrong, and how to mend it. No secrets. */
export class FilePlaceError extends Error {
  override readonly name = 'FilePlaceError';
  readonly fault: FilePlaceFault;

  constructor(fault: FilePlaceFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }

  /** Whether the same may succeed by itself later. */
  get retryable(): boolean {
    return RETRYABLE.has(this.fault);
  }
}
