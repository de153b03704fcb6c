/** Counts by name, of a bounded number of names: what senders name themselves must not fill memory. */

/** Past so many names, new ones count under `OTHERS`. */
export const MAX_NAMES = 500;
export const OTHERS = '(others)';
const MAX_NAME_LENGTH = 200;

export function addNamed(counts: Map<string, number>, name: string, count: number): void {
  const short = name.slice(0, MAX_NAME_LENGTH).toWellFormed();
  const key = counts.has(short) || counts.size < MAX_NAMES ? short : OTHERS;
  counts.set(key, (counts.get(key) ?? 0) + count);
}
