/**
 * The merged view: of each event the one row that no other took the place of. Rows are never changed, so which ones
 * these are is said by the rows that came later (`supersedes`).
 *
 * Looking up every row among those would cost 20 ns each, so: when nothing supersedes anything (a glance at a column
 * of zeros, which is kept sparse) there is no look-up; final rows, which are hardly ever overruled, are not looked up
 * among what took the place of pending ones (their key is 0, which is not there). Both halves of a query see the same
 * parts of the table (`enable_shared_storage_snapshot_in_query`), so no event is counted twice or missed while its
 * next version is being stored. Figures: docs/decisions/0003-event-table.md.
 */

/** One number for (partition, offset + 1): the stream has at most 4,096 partitions, offsets are below 2^51. */
const KEY = '(offset + 1) * 4096 + partition';
const SUPERSEDED = 'supersedes * 4096 + partition';

export const NOT_SUPERSEDED = notSupersededBy('1');

/** The same where only the rows count that pass `which`, a condition over the columns: the view as it was once. */
export function notSupersededBy(which: string): string {
  const later = which === '1' ? 'supersedes > 0' : `supersedes > 0 AND (${which})`;
  const overruling = which === '1' ? 'overrules = 1' : `overrules = 1 AND (${which})`;
  return `hidden = 0
  AND ((SELECT count() FROM events WHERE ${later}) = 0
    OR if(pending = 1, ${KEY}, 0) NOT IN (SELECT ${SUPERSEDED} FROM events WHERE ${later}))
  AND ((SELECT count() FROM events WHERE ${overruling}) = 0
    OR ${KEY} NOT IN (SELECT ${SUPERSEDED} FROM events WHERE ${overruling}))`;
}
