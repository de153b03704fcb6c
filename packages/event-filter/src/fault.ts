/** What is wrong with a filter, and where: made so that whoever typed it can mend it. */

/**
 * - `FILTER_SYNTAX`: something else was expected here;
 * - `FILTER_MEMBER_UNKNOWN`: nearly the name of a member the standard has there;
 * - `FILTER_VALUE_INVALID`: a value that cannot be one (a date, an address range, an order asked of a boolean);
 * - `FILTER_PLACEHOLDER`: a placeholder without a value, or whose parameter does not fit its place;
 * - `FILTER_TOO_LONG`, `FILTER_TOO_DEEP`, `FILTER_LIST_TOO_LONG`: past a bound;
 * - `FILTER_TOO_DEAR`: its tests together would occupy the engine too long (`planning-cost.ts`).
 */
export type FilterFaultCode =
  | 'FILTER_SYNTAX'
  | 'FILTER_MEMBER_UNKNOWN'
  | 'FILTER_VALUE_INVALID'
  | 'FILTER_PLACEHOLDER'
  | 'FILTER_TOO_LONG'
  | 'FILTER_TOO_DEEP'
  | 'FILTER_LIST_TOO_LONG'
  | 'FILTER_TOO_DEAR';

export interface FilterFault {
  readonly code: FilterFaultCode;
  /** In characters, the first being 1. */
  readonly column: number;
  /** What is wrong and what was expected: one sentence without the place. */
  readonly message: string;
  /** What to write at the column instead, when there is a good guess. */
  readonly suggestion?: string;
  /** Two lines: the text around the place, and a caret below it. */
  readonly excerpt: string;
}

/** Thrown inside the parser only; `parseFilter` turns it into an outcome. */
export class FilterFaultSignal extends Error {
  readonly code: FilterFaultCode;
  /** Index in the text, UTF-16 units. */
  readonly at: number;
  readonly suggestion: string | undefined;

  constructor(code: FilterFaultCode, at: number, message: string, suggestion?: string) {
    super(message);
    this.name = 'FilterFaultSignal';
    this.code = code;
    this.at = at;
    this.suggestion = suggestion;
  }
}

const AROUND = 40;

export function toFilterFault(text: string, signal: FilterFaultSignal): FilterFault {
  const before = Array.from(text.slice(0, signal.at));
  const after = Array.from(text.slice(signal.at, signal.at + 2 * AROUND));
  const lead = before.slice(-AROUND).join('');
  const tail = after.slice(0, AROUND).join('');
  const cut = before.length > AROUND ? '…' : '';
  // A tab or a line break would move the caret away from its place.
  const line = `${cut}${lead}${tail}`.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
  const caret = `${' '.repeat(cut.length + Math.min(before.length, AROUND))}^`;
  return {
    code: signal.code,
    column: before.length + 1,
    message: signal.message,
    ...(signal.suggestion === undefined ? {} : { suggestion: signal.suggestion }),
    excerpt: `${line}\n${caret}`,
  };
}
