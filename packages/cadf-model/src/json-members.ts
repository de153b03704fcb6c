/** The members of a JSON object whose form is not yet known. */
export type Members = Readonly<Record<string, unknown>>;

/** True for JSON objects: not for lists, null and scalars. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
