/** The value that stands for all past the bound. */
export const OTHER = '(other)';

/**
 * Bounds the values of one metric label: the first `max` distinct values keep their own, later ones become
 * `(other)`. Source names come from requests; without a bound each would stay in memory for ever.
 */
export function createLabelValues(max: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= max) return OTHER;
    seen.add(value);
    return value;
  };
}
