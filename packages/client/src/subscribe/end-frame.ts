/** The last frame of a stream, `event: end`: why the service ends it. */
import { ClientError, clientCodes } from '../client-error.ts';

/**
 * The error of an end: whether another attempt may go on, the service says itself. Where it does not, the next attempt
 * shows: what is for good is refused.
 */
export function readEnd(data: string | undefined): ClientError {
  const {
    code = clientCodes.CLIENT_SUBSCRIPTION_ENDED,
    detail = 'The service ended the stream.',
    retryable = !RIGHTS.test(code),
  } = parsed(data);
  return new ClientError(code, detail, { retryable });
}

/** Codes of the service that say that the key may not read any more. */
const RIGHTS =
  /^(?:FORBIDDEN|UNAUTHENTICATED|UNAUTHORIZED|AUTHENTICATION|CREDENTIAL)|_(?:RIGHTS|REVOKED)(?:_|$)/;

interface End {
  readonly code?: string;
  readonly detail?: string;
  readonly retryable?: boolean;
}

function parsed(data: string | undefined): End {
  try {
    const value: unknown = JSON.parse(data ?? '');
    if (typeof value !== 'object' || value === null) return {};
    return {
      ...('code' in value && typeof value.code === 'string' ? { code: value.code } : {}),
      ...('detail' in value && typeof value.detail === 'string' ? { detail: value.detail } : {}),
      ...('retryable' in value && typeof value.retryable === 'boolean' ? { retryable: value.retryable } : {}),
    };
  } catch {
    return {};
  }
}
