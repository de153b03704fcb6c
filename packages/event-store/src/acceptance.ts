/** Reading events in the order of acceptance. */
import type { Condition } from './interface.ts';

/** Where a record is in the stream, and in the store. */
export interface StoredPosition {
  readonly partition: number;
  readonly offset: number;
}

/** Which stored events are wanted in the order of acceptance. */
export interface AcceptedQuery {
  /** Per partition the first offset; a partition that is not named: from its first. */
  readonly from: ReadonlyMap<number, number>;
  /** Per partition the offset behind the last; a partition that is not named is not read. */
  readonly upto: ReadonlyMap<number, number>;
  readonly where?: Condition;
  /** Inclusive lower bound of eventTime, ms. */
  readonly fromMs?: number;
  /** Narrow to one tenant of the scope. */
  readonly tenant?: string;
  /** Narrow to one source. */
  readonly source?: string;
  /** Events of a block at most, 1 to 10,000; default 500. */
  readonly blockEvents?: number;
}

/** A version of an event as it was accepted. */
export interface AcceptedEvent extends StoredPosition {
  /** Milliseconds since 1970 UTC, from 1900 to 2299. */
  readonly receivedMs: number;
  /** Its place among the records that were appended together. */
  readonly place: number;
  readonly source: string;
  /** Exactly the bytes that were accepted. Part of a buffer of some MiB, which events share. */
  readonly text: Buffer;
}

/** What `accepted` gives at a time. */
export interface AcceptedBlock {
  /** None where nothing was found for a while. */
  readonly events: readonly AcceptedEvent[];
  /**
   * Per partition that is read: everything before this offset was given, or is not among what is asked for. Left out: it
   * is known of the events themselves alone.
   */
  readonly reached?: ReadonlyMap<number, number>;
}
