/** The broker's name of an error (`UNKNOWN_TOPIC_OR_PARTITION`), searched through what the library wraps it in. */
export function brokerErrorType(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if ('type' in at && typeof at.type === 'string') return at.type;
    if ('errors' in at && Array.isArray(at.errors) && at.errors.length > 0)
      return brokerErrorType(at.errors[0]);
  }
  return '';
}

/**
 * The connection was ended on this side while the question was under way. The library has forgotten then what it knew
 * of the cluster, too, and may stumble over that first.
 */
export function isCutOff(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1)
    if (at.name === 'KafkaJSConnectionClosedError' || at instanceof TypeError) return true;
  return false;
}

export function isTooLarge(error: unknown): boolean {
  const type = brokerErrorType(error);
  return type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE';
}
