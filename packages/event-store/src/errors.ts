/** Why a store operation failed; decide by `code`. */
export type StoreErrorCode =
  | 'STORE_UNAVAILABLE'
  | 'STORE_LIMIT_ROWS'
  | 'STORE_LIMIT_BYTES'
  | 'STORE_LIMIT_TIME'
  | 'STORE_LIMIT_MEMORY'
  | 'STORE_CANCELLED'
  | 'STORE_CLOSED'
  | 'STORE_MIGRATION'
  | 'STORE_FAILED';

/** An error of the event store. `retryable`: the same call may succeed later. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly retryable: boolean;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
    this.retryable = code === 'STORE_UNAVAILABLE';
  }
}
