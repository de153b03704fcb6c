/** CIM status codes of refused operations (DSP0200 5.2.2, table 1), and what can be done about them. */

export const cimStatus = {
  failed: 1,
  accessDenied: 2,
  invalidNamespace: 3,
  invalidParameter: 4,
  invalidClass: 5,
  notFound: 6,
  notSupported: 7,
  alreadyExists: 11,
  noSuchProperty: 12,
  typeMismatch: 13,
  queryLanguageNotSupported: 14,
  invalidQuery: 15,
  serverIsShuttingDown: 27,
  serverLimitsExceeded: 29,
} as const;

const names: Readonly<Record<number, string>> = {
  1: 'CIM_ERR_FAILED',
  2: 'CIM_ERR_ACCESS_DENIED',
  3: 'CIM_ERR_INVALID_NAMESPACE',
  4: 'CIM_ERR_INVALID_PARAMETER',
  5: 'CIM_ERR_INVALID_CLASS',
  6: 'CIM_ERR_NOT_FOUND',
  7: 'CIM_ERR_NOT_SUPPORTED',
  8: 'CIM_ERR_CLASS_HAS_CHILDREN',
  9: 'CIM_ERR_CLASS_HAS_INSTANCES',
  10: 'CIM_ERR_INVALID_SUPERCLASS',
  11: 'CIM_ERR_ALREADY_EXISTS',
  12: 'CIM_ERR_NO_SUCH_PROPERTY',
  13: 'CIM_ERR_TYPE_MISMATCH',
  14: 'CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED',
  15: 'CIM_ERR_INVALID_QUERY',
  16: 'CIM_ERR_METHOD_NOT_AVAILABLE',
  17: 'CIM_ERR_METHOD_NOT_FOUND',
  20: 'CIM_ERR_NAMESPACE_NOT_EMPTY',
  27: 'CIM_ERR_SERVER_IS_SHUTTING_DOWN',
  29: 'CIM_ERR_SERVER_LIMITS_EXCEEDED',
};

const advice: Readonly<Record<number, string>> = {
  1: "The server's own log has more.",
  2: 'This user may not do that: let the server allow it to write the interop namespace.',
  3: 'Name a namespace that the server has.',
  5: 'The server has no such class in that namespace.',
  7: 'The server cannot do that: it may have no provider for these indications, or indications are switched off.',
  14: 'Try the other query language: --query-language WQL, CIM:CQL or DMTF:CQL.',
  15: 'Check the query: its classes, and whether it is in the query language named.',
  27: 'Try again when the server is up.',
  29: 'Remove subscriptions that nobody needs, or raise the limits of the server.',
};

export function nameOfStatus(status: number): string {
  return names[status] ?? `CIM status ${status}`;
}

/** One sentence, or an empty text. */
export function adviceFor(status: number | undefined): string {
  return status === undefined ? '' : (advice[status] ?? '');
}
