import { StreamError } from '../errors.ts';

/** What the stream's callers get to see of an error of the client library. */
export function toStreamError(error: unknown, doing: string): StreamError {
  if (error instanceof StreamError) return error;
  return new StreamError('STREAM_UNAVAILABLE', `Kafka: ${doing} failed: ${wordsOf(error)}`, { cause: error });
}

export function unknownTopic(topic: string): StreamError {
  return new StreamError('STREAM_TOPIC_UNKNOWN', `there is no topic ${topic}; createTopics makes it`);
}

/** An aggregate's own message hides what happened: the first of its parts tells. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0)
    return `${error.message} ${wordsOf(error.errors[0])}`;
  if (error instanceof Error)
    return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`;
  return String(error);
}
