/** Why a stream operation failed; decide by `code`, never by the message. */
export type StreamErrorCode =
  | 'STREAM_OVERLOADED'
  | 'STREAM_UNAVAILABLE'
  | 'STREAM_RECORD_TOO_LARGE'
  | 'STREAM_TOPIC_UNKNOWN'
  | 'STREAM_CLOSED';

/** An error of the event stream. `retryable` tells whether the same call may succeed later. */
export class StreamError extends Error {
  readonly code: StreamErrorCode;
  readonly retryable: boolean;
  constructor(code: StreamErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StreamError';
    this.code = code;
    this.retryable = code === 'STREAM_OVERLOADED' || code === 'STREAM_UNAVAILABLE';
  }
}
