/** Counting events: by the values of fields, by time, by severity. */
import type { EventQuery } from './interface.ts';

/** What events are counted by. Empty text is no value, in columns and in texts of events alike. */
export type EventField =
  /** A text of the event's row: an expression over the columns. Never holds user text. */
  | { readonly kind: 'column'; readonly sql: string }
  /** Each tag of the event. */
  | { readonly kind: 'tags' }
  /** Each tenant of the event that the scope reaches. */
  | { readonly kind: 'tenants' }
  /** Values made of the event's text: an Array(String) over the names of `EventTexts.stages`. */
  | { readonly kind: 'text'; readonly sql: string };

/** What fields of kind `text` are made of. Parameter names are other ones than those of `where`. */
export interface EventTexts {
  /** `expression AS name` over a column `text`, by stage: each may use the names of the stages before it. */
  readonly stages: readonly (readonly string[])[];
  readonly params: Readonly<Record<string, unknown>>;
}

export interface FacetQuery extends EventQuery {
  /** 1 to 20. */
  readonly fields: readonly EventField[];
  /** Needed by fields of kind `text`. These cost about 15 µs per event found. */
  readonly texts?: EventTexts;
  /** Values listed of each field, 1 to 10,000. */
  readonly top: number;
}

/** The events of a query by the values of one field. An event with several values counts once for each of them. */
export interface Facet {
  /** The most frequent first; of equally frequent ones the one first in order of UTF-8 bytes. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Events with a value that is not listed. */
  readonly other: number;
  /** Events without a value. */
  readonly absent: number;
  /** Different values. */
  readonly distinct: number;
}

export interface Facets {
  /** Events the query finds. */
  readonly total: number;
  /** In the order of the fields. */
  readonly facets: readonly Facet[];
}

export interface TimelineQuery extends EventQuery {
  /**
   * Where the buckets begin, ms, ascending, 1 to 10,000; each ends where the next begins. What is before the first is
   * not counted, and the last is bounded by `toMs` only.
   */
  readonly starts: readonly number[];
  /** Also count by this field, whose most frequent `top` values (1 to 100) get a series each. */
  readonly by?: { readonly field: Extract<EventField, { kind: 'column' }>; readonly top: number };
}

/** Counts by bucket: each list is as long as `starts`. */
export interface Timeline {
  readonly counts: readonly number[];
  /** Without `by` there are none, and `other` and `absent` are left out. */
  readonly series: readonly { readonly value: string; readonly counts: readonly number[] }[];
  readonly other?: readonly number[];
  readonly absent?: readonly number[];
}

/** First and last eventTime of some events, ms. */
export interface TimeSpan {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** How many merged events are of each severity, whatever its case; those without one of these are in none. */
export interface SeverityCounts {
  readonly low: number;
  readonly medium: number;
  readonly high: number;
  readonly critical: number;
}
