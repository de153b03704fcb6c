import { StreamError } from '../../errors.ts';

/** What the stream's callers get to see of an error of kafkajs. */
export function toStreamError(error: unknown, doing: string): StreamError {
  if (error instanceof StreamError) return error;
  return new StreamError('STREAM_UNAVAILABLE', `Kafka: ${doing} failed: ${wordsOf(error)}`, { cause: error });
}

/** The broker's name of an error (`UNKNOWN_TOPIC_OR_PARTITION`), searched through what the library wraps it in. */
export function brokerErrorType(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if ('type' in at && typeof at.type === 'string') return at.type;
    if ('errors' in at && Array.isArray(at.errors) && at.errors.length > 0)
      return brokerErrorType(at.errors[0]);
  }
  return '';
}

/** The connection was ended on this side while the question was under way. */
export function isConnectionClosed(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if (at.name === 'KafkaJSConnectionClosedError') return true;
  return false;
}

export function isTooLarge(error: unknown): boolean {
  const type = brokerErrorType(error);
  return type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE';
}

export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${wordsOf(error.cause)}` : error.message;
}
