/**
 * Finds a row's identifiers inside its longer values (a project in a URL, the target in a request path) and puts
 * references there: a random identifier costs 16 bytes wherever it is written out.
 */
import type { EventTime } from './event-time.ts';
import { MIN_EMBEDDED_LENGTH, reference, referTo } from './references.ts';
import { TEXT_COLUMNS, TIME_CODE } from './text-columns.ts';

const EMBEDDED = TEXT_COLUMNS.flatMap((column, index) =>
  column.embedded ? [{ index, code: column.code }] : [],
);

/** Values of one place are searched in full for so many rows, then only for what was found, until the next period. */
const LEARN_ROWS = 64;
const PERIOD_ROWS = 8192;

/** What was found in the values of one place (a hole of a shape) lately. */
export interface EmbeddedSearch {
  rows: number;
  /** Bit per entry of EMBEDDED. */
  seen: number;
}

export function createEmbeddedSearch(): EmbeddedSearch {
  return { rows: 0, seen: 0 };
}

/**
 * `text` with references to the row's columns. `text` is raw JSON string content or went through `escapeMarks`; columns
 * with control characters must not be offered (`columns` holds '' in their place).
 */
export function embed(
  text: string,
  columns: readonly string[],
  time: EventTime,
  timeText: string,
  search: EmbeddedSearch,
): string {
  if (text.length < MIN_EMBEDDED_LENGTH) return text;
  if (text === timeText && time.form !== '') return reference(TIME_CODE);
  const learning = search.rows < LEARN_ROWS;
  search.rows = search.rows === PERIOD_ROWS ? 0 : search.rows + 1;
  if (!learning && search.seen === 0) return text;
  let result = text;
  for (let bit = 0; bit < EMBEDDED.length; bit++) {
    if (!learning && (search.seen & (1 << bit)) === 0) continue;
    const candidate = EMBEDDED[bit];
    const part = candidate === undefined ? '' : (columns[candidate.index] ?? '');
    if (part.length < MIN_EMBEDDED_LENGTH || part.length > text.length) continue;
    const shorter = referTo(result, part, candidate?.code ?? 0);
    if (shorter === result) continue;
    search.seen |= 1 << bit;
    result = shorter;
  }
  return result;
}
