/**
 * Events as they happen, and from any place in the past, in the order in which they were accepted: what subscriptions
 * of every kind (SSE, webhooks, Kafka, syslog) read.
 *
 * What a reading gives is what the query with `versions=all` over the same stretch gives: an event is given once the
 * store holds it, and what the store did not keep (repetitions, what was no event) is never given.
 *
 * Order: within a partition by offset; between partitions by the time of receipt, then by the place in the batch that
 * was appended together. Events that one sender submitted one after the other are therefore given in that order,
 * whichever partitions they went to.
 */
import type { Filter } from '@cadf-pipeline/event-filter';
import type { Scope } from '@cadf-pipeline/event-store';

/** Per partition the next offset that is wanted; a partition that is not named is wanted from its first. */
export type Positions = ReadonlyMap<number, number>;

/** Offsets of a partition. */
export interface Stretch {
  readonly from: number;
  /** The first one behind. */
  readonly next: number;
}

/** Where a reading starts, or goes on after it was interrupted: nothing missed, nothing twice. */
export interface TailPlace {
  readonly next: Positions;
  /** Below these positions only events of this eventTime (ms since 1970 UTC) or later are given. */
  readonly backfill?: { readonly fromMs: number; readonly until: Positions };
}

/** An event as it is given. */
export interface TailEvent {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970 UTC. */
  readonly receivedMs: number;
  /** Among what was received in the same millisecond: grows in the order in which a process appended. */
  readonly place: number;
  readonly source: string;
  /** The JSON as it was accepted, UTF-8. Not to be changed: others are given the same bytes. */
  readonly text: Buffer;
  /** What `JSON.parse` makes of the text. Not to be changed. */
  readonly event: unknown;
}

/** Events given together. */
export interface TailBatch {
  /** Empty where nothing matched for a while: `place` has moved on all the same. */
  readonly events: readonly TailEvent[];
  /** Where to go on after all of them. */
  readonly place: TailPlace;
  /** False: read from the store, of what was accepted a while ago. True: of what was released last. */
  readonly isLive: boolean;
  /** Where to go on after `events[index]`. */
  placeAfter(index: number): TailPlace;
}

export interface FollowOptions {
  readonly from: TailPlace;
  /** Ends when everything before these positions was given. Left out: goes on until `signal` aborts. */
  readonly upto?: Positions;
  /**
   * Whose events may be given, asked each time events are given: what it does not reach any more is not given.
   * While nothing comes it is asked every half second: rights that are added count from then on.
   * Undefined: the right is gone, and the reading ends with TailEnded `rights`.
   */
  readonly scope: () => Scope | undefined;
  readonly filter?: Filter;
  /** Only events of this tenant, which the scope has to reach. */
  readonly tenant?: string;
  /** Only events of this source. */
  readonly source?: string;
  readonly signal: AbortSignal;
  /** Events of one batch at most; default 500. */
  readonly maxEvents?: number;
  /** Bytes of texts of one batch at most; default 1 MiB; one event may exceed it. */
  readonly maxBytes?: number;
  /** A place is told at least so often, with no events where nothing matched; milliseconds, default 10,000. */
  readonly placeEveryMs?: number;
}

/**
 * Why a reading ended before it was asked to. `refused`: reading on takes more of the store than a query may
 * (STORE_LIMIT_…, which is the cause); from the last place it can be tried again later.
 */
export type TailEndReason = 'rights' | 'closed' | 'refused';

export class TailEnded extends Error {
  override readonly name = 'TailEnded';
  readonly reason: TailEndReason;

  constructor(reason: TailEndReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface EventTail {
  /**
   * Reads on from a place. Pull-based: what the caller does not take waits in the store, not in memory. Throws
   * TailEnded only: what else the store or the stream fail with is logged once and tried again until it works.
   */
  follow(options: FollowOptions): AsyncIterable<TailBatch>;
  /** The place of now: what is accepted after the call is given from there on. */
  now(): Promise<TailPlace>;
  /** The place from which all events of this eventTime or later are given, then everything that comes. */
  since(fromMs: number): Promise<TailPlace>;
  /**
   * Says that the store was written to in this process; without it the tail looks by itself. `whole`: stretches of
   * partitions of which the store took every event, so that it need not be asked.
   */
  stored(whole?: ReadonlyMap<number, Stretch>): void;
  /** Ends all readings with TailEnded `closed`. */
  close(): Promise<void>;
}
