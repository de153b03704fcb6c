/** A statement of an analyst and its result. */

/** A value of a `{name: Type}` placeholder; dates, times and 64-bit numbers as texts too. */
export type SqlValue = string | number | boolean | null | readonly SqlValue[];

/** A statement of an analyst: one SELECT over `events`, see docs/sql.md. */
export interface SqlQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, SqlValue>>;
  /** Inclusive lower bound of eventTime, ms. */
  readonly fromMs?: number;
  /** Exclusive upper bound of eventTime, ms. */
  readonly toMs?: number;
  /** Rows answered at most, 1 to 10,000. */
  readonly maxRows: number;
  /** Bytes of rows answered at most. */
  readonly maxBytes: number;
}

export interface SqlResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Each the text of a JSON array, as the engine wrote it: 64-bit integers are numbers with all their digits. */
  readonly rows: readonly string[];
  /** Which bound cut it off; absent when it is whole. */
  readonly cut?: 'rows' | 'bytes';
}
