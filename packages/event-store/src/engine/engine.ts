/** What the store needs of a ClickHouse engine; the queries are the same text for each of them. */

import type { ReadMeter, ReadProgress } from './read-meter.ts';

/** A statement with its parameters: `{name: Type}` in the SQL, values here, never text put together. */
export interface Statement {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Counts what it reads. */
  readonly meter?: ReadMeter;
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
  /** As `rows`, answered as bytes in `RowBinary`. */
  bytes(statement: Statement, signal?: AbortSignal): Promise<Uint8Array>;
  /** How far the statements with this meter have come. */
  progress(meter: ReadMeter): Promise<ReadProgress>;
  /**
   * Runs a statement of an analyst under the limits, as a reader that may read `ANALYST_VIEWS` and nothing else, in a
   * session whose settings cannot be changed any more. Answers the first `maxBytes` of what it gives as
   * `JSONCompactEachRowWithNamesAndTypes`. Throws EngineFault for what the engine says of the statement, SqlFault `off`
   * when there is no such reader.
   */
  analyst(statement: Statement, maxBytes: number, signal?: AbortSignal): Promise<Buffer>;
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
const READ_SETTINGS: Readonly<Record<string, string | number>> = {
  output_format_json_quote_64bit_integers: 0,
  // What supersedes what is asked of the same rows that are read.
  enable_shared_storage_snapshot_in_query: 1,
  // Filters compare numbers as doubles, exactly.
  precise_float_parsing: 1,
  // A filter of 8 KiB may become a long statement; values are in parameters.
  max_query_size: 4 * 1024 * 1024,
  // Grouping by ten million different ids takes more memory than a query may have: what is past this goes through
  // files of the engine.
  max_bytes_before_external_group_by: 150_000_000,
  // A filter within its bounds is a statement of some 100,000 elements.
  max_ast_elements: 1_000_000,
  max_expanded_ast_elements: 4_000_000,
  max_parser_backtracks: 20_000_000,
};

/** Stands in a statement that asks the texts of events in stages (`text-places.ts`). */
export const STAGED = '/* staged */';

/**
 * Settings of a read. Stages stay apart: put together, what is on one side of an `OR` is computed anew for each of its
 * uses, which took 500 MB for 800 events of 190 bytes. Elsewhere that costs: said of each read, because a session keeps it.
 */
export function readSettings({ sql }: Statement): Readonly<Record<string, string | number>> {
  const together = sql.includes(STAGED) ? 0 : 1;
  return {
    ...READ_SETTINGS,
    query_plan_merge_expressions: together,
    // Columns read late go through expressions put together: the engine fails where those stay apart.
    query_plan_optimize_lazy_materialization: together,
  };
}

/** What the reader for analysts may read. */
export const ANALYST_VIEWS = ['analyst_events', 'analyst_event_texts'] as const;
export const ANALYST_FORMAT = 'JSONCompactEachRowWithNamesAndTypes';

/**
 * Settings of every statement of an analyst. `readonly` holds them, and whatever else the session was told, until its
 * end; nothing is remembered of it for others.
 */
export const ANALYST_SETTINGS: Readonly<Record<string, string | number>> = {
  ...READ_SETTINGS,
  implicit_select: 0,
  allow_ddl: 0,
  allow_introspection_functions: 0,
  use_query_cache: 0,
  use_query_condition_cache: 0,
  // A statement can be stopped between blocks only, so they are small, also those made of nothing.
  max_block_size: 8192,
  function_range_max_elements_in_block: 1_000_000,
  // The right side of a join is the one kept in memory: by itself the engine was seen to keep ten million events there.
  query_plan_join_swap_table: 'false',
  readonly: 1,
  // What a filter may take of the parser is not for statements of others.
  max_ast_elements: 50_000,
  max_expanded_ast_elements: 500_000,
  max_parser_backtracks: 1_000_000,
  max_query_size: 262_144,
};
