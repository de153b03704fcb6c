/**
 * Where events are kept and read: the ClickHouse engine, in the process (chDB) or by URL, same SQL.
 * `test/contract/event-store.ts` is the contract that both pass.
 */
import type { AcceptedBlock, AcceptedQuery, StoredPosition } from './acceptance.ts';
import type { SqlQuery, SqlResult } from './analyst/sql-query.ts';
import type { ReadMeter, ReadProgress } from './engine/read-meter.ts';
import type {
  FacetQuery,
  Facets,
  SeverityCounts,
  TimeSpan,
  Timeline,
  TimelineQuery,
} from './event-counts.ts';

/**
 * Whose events a call may see: a required argument of every read. `'*'` sees everything, events routed to no
 * tenant included; a list sees events that have at least one of the tenants; the empty list sees nothing.
 */
export interface Scope {
  readonly tenants: '*' | readonly string[];
}

/** One record of the stream, to be stored. */
export interface StoreRecord {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970 UTC. */
  readonly receivedMs: number;
  /** Its place among the records that were appended together, below 2^32; left out: 0. */
  readonly place?: number;
  readonly source: string;
  readonly sourceType: string;
  readonly submitter: string;
  readonly profile: string;
  readonly tenants: readonly string[];
  /** SHA-256 of the value, lower-case hex. */
  readonly digest: string;
  /** The CADF event: JSON bytes, UTF-8, exactly as in the stream. */
  readonly value: Buffer;
}

/** What became of the records of one insert: `stored + duplicates + unreadable.length` is their number. */
export interface InsertResult {
  readonly stored: number;
  /** Same source, id and content as a record already stored (or earlier in the block), or a position already stored. */
  readonly duplicates: number;
  /** Records whose value is not a CADF event; the caller dead-letters them. */
  readonly unreadable: readonly { readonly record: StoreRecord; readonly reason: string }[];
}

/** A record that could not be taken and whose sender could not be told. */
export interface DeadLetter {
  /** `<partition>-<offset>` of its first appearance in the dead-letter topic. */
  readonly id: string;
  readonly receivedMs: number;
  readonly source: string;
  readonly sourceType: string;
  readonly submitter: string;
  readonly tenants: readonly string[];
  /** Where it failed: `decode`, `normalize`, `validate`, `store`. */
  readonly stage: string;
  /** A stable code, see docs/errors.md. */
  readonly code: string;
  readonly detail: string;
  /** The original bytes. */
  readonly record: Buffer;
  readonly status: 'open' | 'replayed';
  /** What the replay gave, when replayed. */
  readonly outcome?: string;
}

/** A place in the time order of events. */
export interface EventPlace {
  readonly timeMs: number;
  readonly partition: number;
  readonly offset: number;
}

/** One event as read back. `text` is the stored JSON, byte for byte unless reporter chains had to be joined. */
export interface StoredEvent extends EventPlace {
  readonly source: string;
  readonly id: string;
  readonly text: string;
}

/** An extra SQL condition with typed parameters (the filter language compiles to this). Never holds user text. */
export interface Condition {
  /** An expression over the columns of the events table, with `{name: Type}` placeholders. */
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What is asked of the text of the events that pass `sql`. */
  readonly text?: TextCondition;
}

/** A condition over an event's JSON. Parameters are those of the condition it belongs to. */
export interface TextCondition {
  /** Over the columns: an event that passes it passes without its text being asked. */
  readonly decided: string;
  /** Over the columns, cheap: holds of every event whose text has to be asked. Absent: not known. */
  readonly undecided?: string;
  /** `expression AS name` over a column `text`, by stage: each may use the names of the stages before it. */
  readonly stages: readonly (readonly string[])[];
  /** Over the names of the stages. */
  readonly sql: string;
}

export interface EventQuery {
  /** Inclusive lower bound of eventTime, ms. */
  readonly fromMs?: number;
  /** Exclusive upper bound of eventTime, ms. */
  readonly toMs?: number;
  /** Narrow to one tenant of the scope. */
  readonly tenant?: string;
  /** Narrow to one source. */
  readonly source?: string;
  readonly where?: Condition;
  /** `merged` (default): each event once, last non-pending outcome wins; `all`: every version. */
  readonly versions?: 'merged' | 'all';
}

export interface CountQuery extends EventQuery {
  /** As `asOf` of a page. */
  readonly asOf?: ReadonlyMap<number, number>;
  /** As `since` of a stream. */
  readonly since?: ReadonlyMap<number, number>;
}

/** The events of a source in a day, UTC. */
export interface SourceDay {
  readonly source: string;
  /** When the day begins, ms. */
  readonly fromMs: number;
  readonly count: number;
}

export interface PageQuery extends EventQuery {
  /** By eventTime, then partition, then offset. */
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** Only what comes after this place in the order. */
  readonly after?: EventPlace;
  /** Only records whose offset is below this, per partition: keeps pages stable while events arrive. */
  readonly asOf?: ReadonlyMap<number, number>;
}

/** As a page, without an end of its own. */
export interface StreamQuery extends Omit<PageQuery, 'limit'> {
  /** Events at most; left out: all. */
  readonly limit?: number;
  /**
   * Only records whose offset is at least this, per partition; of a partition that is not named, all. Of merged events
   * those whose merged version is such a record: an older event counts as new when a later version took its place.
   */
  readonly since?: ReadonlyMap<number, number>;
  /** Counts what is read. */
  readonly meter?: ReadMeter;
}

/** Where the stored record of an event comes from; of a merged event, the record of its merged version. */
export interface EventFacts extends StoredPosition {
  readonly source: string;
  /** Milliseconds since 1970 UTC, from 1900 to 2299. */
  readonly receivedMs: number;
}

/** Events that were read at once. */
export interface EventBlock {
  /** 1 or more. */
  readonly count: number;
  /** Their texts in UTF-8, each followed by a line feed; line breaks within a text are blanks. */
  readonly lines: Buffer;
  /** The place of the last one. */
  readonly last: EventPlace;
  /** One for each line, in their order. Made when it is called. */
  facts(): readonly EventFacts[];
}

/** One step of an order. */
export interface ListOrder {
  /** An expression over the columns of the events table. Never holds user text. */
  readonly sql: string;
  readonly direction: 'asc' | 'desc';
}

/** A part of the merged events in any order, by its place in that order. */
export interface ListQuery extends Omit<EventQuery, 'versions'> {
  /** Then partition and offset, in the direction of the first; empty: by event_time, the newest first. */
  readonly orderBy: readonly ListOrder[];
  /** How many come before. */
  readonly skip: number;
  /** 1 to 20,000. */
  readonly limit: number;
}

/** Which values are asked for, of which merged events. */
export interface ValuesQuery extends Omit<EventQuery, 'versions'> {
  /** A text expression over the columns of the events table. Never holds user text. */
  readonly sql: string;
  /** 1 to 20,000. */
  readonly limit: number;
}

/** A value and how many merged events have it. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** A merged event with what is kept of it in columns; '' where it has none. */
export interface ListedEvent extends StoredEvent {
  readonly receivedMs: number;
  readonly eventType: string;
  readonly outcome: string;
  readonly severity: string;
  readonly name: string;
}

/** Bounds of one query; past them StoreError `STORE_LIMIT_*` says which. */
export interface QueryLimits {
  readonly maxRowsRead: number;
  readonly maxBytesRead: number;
  readonly maxSeconds: number;
  readonly maxMemoryBytes: number;
}

export interface EventStore {
  readonly kind: 'chdb' | 'clickhouse';
  /** Applies the numbered migrations of deploy/clickhouse not yet applied. */
  migrate(): Promise<void>;
  /** The next offset to store, per partition asked for (0 where nothing is stored): one past the highest ever handled, duplicates included. */
  nextOffsets(partitions: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /**
   * Gets ready to write these partitions (rebuilds what version detection needs); the others' state is let go.
   * Called at assignment and again after an insert that failed or whose outcome is unknown: it first makes sure that
   * no earlier insert of this process can still land (kills it in the engine, waits), then looks again at what the
   * store holds, so that repeating the insert stores nothing twice.
   */
  own(partitions: readonly number[]): Promise<void>;
  /** Stores records, of one or several partitions, ascending by offset within each; atomic per call, durable when it resolves. Only one call at a time. */
  insert(records: readonly StoreRecord[]): Promise<InsertResult>;
  /** One page, in order. Cancelled in the engine when `signal` aborts. */
  events(scope: Scope, query: PageQuery, signal?: AbortSignal): Promise<readonly StoredEvent[]>;
  /**
   * All events of a query in order, as exact as `events`, block by block; each query in the engine is under the limits
   * by itself. Cancelled in the engine when `signal` aborts or the reading is given up.
   */
  stream(scope: Scope, query: StreamQuery, signal?: AbortSignal): AsyncIterable<EventBlock>;
  /**
   * Where events are stored, of the partitions named and from these offsets on: ascending by partition and offset, at
   * most `limit` (1 to 100,000) of each partition.
   */
  positions(
    from: ReadonlyMap<number, number>,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly StoredPosition[]>;
  /**
   * Every version stored at positions from `from` to before `upto`, in the order of acceptance: within a partition by
   * offset; between partitions the one comes first whose next event has the lesser (receivedMs, place, partition).
   * Block by block: memory is bounded whatever the number of events. Cancelled in the engine when `signal` aborts or the
   * reading is given up.
   */
  accepted(scope: Scope, query: AcceptedQuery, signal?: AbortSignal): AsyncIterable<AcceptedBlock>;
  /** How far a stream with this meter has come. */
  readProgress(meter: ReadMeter): Promise<ReadProgress>;
  /** The versions of one event, oldest first (`all`), or the merged one (at most one per source). */
  event(
    scope: Scope,
    id: string,
    options: { readonly source?: string; readonly versions: 'merged' | 'all' },
    signal?: AbortSignal,
  ): Promise<readonly StoredEvent[]>;
  count(scope: Scope, query: CountQuery, signal?: AbortSignal): Promise<number>;
  /**
   * The same by source and day of eventTime, UTC: those that have any, by source, then day. `limit`: 1 to 100,000; throws
   * STORE_LIMIT_ROWS where there are more.
   */
  sourceDays(
    scope: Scope,
    query: CountQuery,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly SourceDay[]>;
  /** Counts by the values of fields: exact, and all of the same moment. */
  facets(scope: Scope, query: FacetQuery, signal?: AbortSignal): Promise<Facets>;
  /** Counts by time: exact. */
  timeline(scope: Scope, query: TimelineQuery, signal?: AbortSignal): Promise<Timeline>;
  /** When the events of a query were; undefined when there are none. */
  timeSpan(scope: Scope, query: EventQuery, signal?: AbortSignal): Promise<TimeSpan | undefined>;
  /** By place in an order instead of by cursor: as exact as `events`, and dearer the further behind it is. */
  list(scope: Scope, query: ListQuery, signal?: AbortSignal): Promise<readonly ListedEvent[]>;
  /** The different values that merged events have, '' left out: the most frequent first, then by code points. */
  values(scope: Scope, query: ValuesQuery, signal?: AbortSignal): Promise<readonly ValueCount[]>;
  /**
   * Counts by severity of the events of each of these sources, or tenants, as far as the scope reaches. Every one
   * asked for is in the answer. At most 1,000.
   */
  severities(
    scope: Scope,
    group: { readonly by: 'source' | 'tenant'; readonly of: readonly string[] },
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, SeverityCounts>>;
  /** The tenants of the scope that stored events name, in order of code points; at most `limit`. */
  tenantsSeen(scope: Scope, limit: number, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Runs the statement of an analyst over the merged events of the scope. Throws SqlFault for one that is not run or
   * cannot be computed; its message tells nothing of other events.
   */
  sql(scope: Scope, query: SqlQuery, signal?: AbortSignal): Promise<SqlResult>;
  /** Highest stored offset + 1 of every partition: a snapshot for `asOf`. */
  snapshot(): Promise<ReadonlyMap<number, number>>;
  putDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  deadLetters(
    scope: Scope,
    query: {
      readonly limit: number;
      readonly after?: string;
      readonly source?: string;
      readonly code?: string;
      readonly status?: 'open' | 'replayed';
    },
    signal?: AbortSignal,
  ): Promise<readonly DeadLetter[]>;
  deadLetter(scope: Scope, id: string): Promise<DeadLetter | undefined>;
  /** Rows and bytes on disk of the active parts of all tables of events, for metrics and the bench. */
  stats(): Promise<{ readonly rows: number; readonly bytes: number }>;
  health(): Promise<{ readonly ok: boolean; readonly reason: string }>;
  close(): Promise<void>;
}
