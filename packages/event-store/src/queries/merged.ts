/**
 * The merged view: of each event the one row that no other took the place of. Rows are never changed, so which ones
 * these are is said by the rows that came later (`supersedes`).
 */

/**
 * Compared as `offset + 1`, which is what `supersedes` holds: the engine may compute `supersedes - 1` for rows that
 * supersede nothing too, and -1 is no offset.
 */
export const NOT_SUPERSEDED =
  'current = 1 AND (partition, offset + 1) NOT IN (SELECT partition, supersedes FROM events WHERE supersedes > 0)';
