/**
 * The merged view: of each event the one row that no other took the place of. Rows are never changed, so which ones
 * these are is said by the rows that came later (`supersedes`).
 */

/** Rows whose place was taken, as (partition, offset). */
export const SUPERSEDED = 'SELECT partition, supersedes - 1 FROM events WHERE supersedes > 0';

export const NOT_SUPERSEDED = `current = 1 AND (partition, offset) NOT IN (${SUPERSEDED})`;
