/** What the store needs of a ClickHouse engine; the queries are the same text for each of them. */

/** A statement with its parameters: `{name: Type}` in the SQL, values here, never text put together. */
export interface Statement {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, string | number>>;
  /** A read of the store's own, which the limits of callers' queries are not for. */
  readonly unbounded?: true;
}

export interface Engine {
  readonly kind: 'chdb' | 'clickhouse';
  /**
   * Runs a reading statement under the limits. Answers its rows as arrays, as `JSONCompactEachRow` gives them:
   * 64-bit integers are numbers and must be below 2^53. When `signal` aborts it rejects with STORE_CANCELLED and the
   * engine stops the work.
   */
  rows(statement: Statement, signal?: AbortSignal): Promise<readonly (readonly unknown[])[]>;
  /** Runs a reading statement without limits, as bytes in `RowBinary`, piece by piece. */
  stream(statement: Statement): AsyncIterable<Uint8Array>;
  /** Runs a statement that answers nothing. */
  command(statement: Statement): Promise<void>;
  /** Inserts one Native block as one part, durable when it resolves. One at a time. */
  insert(table: string, columns: readonly string[], block: Buffer): Promise<void>;
  /** Resolves when no insert of this engine can take effect any more. For after an insert that failed. */
  settleInserts(): Promise<void>;
  /** Stops what runs and lets go of everything. Idempotent. */
  close(): Promise<void>;
}

/** Settings of every insert: the block stays one part, whatever its size. */
export const INSERT_SETTINGS: Readonly<Record<string, string | number>> = {
  max_block_size: 1_000_000,
  max_insert_block_size: 1_000_000,
  min_insert_block_size_rows: 1_000_000,
  min_insert_block_size_bytes: 1_073_741_824,
  max_insert_threads: 1,
  async_insert: 0,
  // The constants of a shape are read as filters read values.
  precise_float_parsing: 1,
  // Building it is dear, and small parts are soon merged: it is built then, and small parts are scanned.
  exclude_materialize_skip_indexes_on_insert: 'by_word',
};

/** Settings of every read. */
export const READ_SETTINGS: Readonly<Record<string, string | number>> = {
  output_format_json_quote_64bit_integers: 0,
  // What supersedes what is asked of the same rows that are read.
  enable_shared_storage_snapshot_in_query: 1,
  // Filters compare numbers as doubles, exactly.
  precise_float_parsing: 1,
  // A filter of 8 KiB may become a long statement; values are in parameters.
  max_query_size: 4 * 1024 * 1024,
  // A filter within its bounds is a statement of some 100,000 elements.
  max_ast_elements: 1_000_000,
  max_expanded_ast_elements: 4_000_000,
  max_parser_backtracks: 20_000_000,
};
