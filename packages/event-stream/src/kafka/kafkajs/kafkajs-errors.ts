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
export function isCutOff(error: unknown): boolean {
  return within(error, (at) => at.name === 'KafkaJSConnectionClosedError') || hasForgotten(error);
}

/** The library does not know (any more) what it had learnt of the cluster, and stumbles over that. */
export function hasForgotten(error: unknown): boolean {
  return within(
    error,
    (at) =>
      at instanceof TypeError ||
      at.name === 'KafkaJSMetadataNotLoaded' ||
      at.name === 'KafkaJSTopicMetadataNotLoaded',
  );
}

/** Whether it is said of the error, or of one of those that it is wrapped around. */
function within(error: unknown, isIt: (at: Error) => boolean): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if (isIt(at)) return true;
  return false;
}

export function isTooLarge(error: unknown): boolean {
  const type = brokerErrorType(error);
  return type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE';
}
