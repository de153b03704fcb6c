/**
 * Long-running work that several processes share: each item is done by exactly one of them at a time, and when that one
 * is gone, also by `kill -9`, another one goes on from its small durable record. Any process can read the records.
 *
 * Words: an *item* is one thing to do, named by its id (an export job, a feed, a subscription). Its *definition* is
 * what was asked for, kept elsewhere (in the control state). Its *record* says how far it has come, and is kept in the
 * compacted topic of this work, keyed by the id. A *run* is one process doing an item, until it is done, or stopped, or
 * *superseded*: another process took the item over. The processes are a group over the topic's partitions: who has the
 * partition of an id does the item.
 */
import type { EventStream, TopicSettings } from '@cadf-pipeline/event-stream';
import type { Static, TObject } from 'typebox';

/** What every stored record carries beside what it says. Members of the same JSON object; the package sets them. */
export interface Claim {
  /** Grows each time somebody takes the item over: what an earlier owner still writes does not count. */
  readonly epoch: number;
  /** Names the run: of two of one epoch the first in the log counts. */
  readonly owner: string;
  /** When it was written, milliseconds since 1970 UTC: its owner was alive then. */
  readonly writtenMs?: number;
}

/** A record as it is kept. */
export type Kept<R> = R & Claim;

/** How a run is told to end. */
export interface WorkStop {
  /** Aborts at once: nothing more is begun. */
  readonly soft: AbortSignal;
  /** Aborts when what is under way has to end too. A run that goes on longer holds up the whole group. */
  readonly hard: AbortSignal;
}

/** An item in the hands of a run. */
export interface Work<R> {
  /**
   * What counted when the run began, of whichever owner; undefined: nothing was remembered. After a save: what was
   * saved.
   */
  readonly record: Kept<R> | undefined;
  /**
   * Resolves when the record is durable, read back, and counts. The first save of a run takes the item over: before
   * it, another process may be doing the item still, so nothing that shows outside may be done. Tries again while the
   * stream is away. One save at a time. Throws `Superseded`, and the reason of `signal` (default: the hard one of the
   * stop), and then it is not known whether it was written.
   */
  save(record: R, signal?: AbortSignal): Promise<void>;
  /**
   * Resolves while this process is certainly a member of the group still, and waits where it is not: to be asked right
   * before each effect outside that cannot be undone. Throws the signal's reason.
   */
  certain(signal: AbortSignal): Promise<void>;
}

export interface SharedWork<R, End> {
  /** Makes the topic, reads what is remembered and joins the group. Rejects when the stream does not answer. */
  start(): Promise<void>;
  /** The record that counts, as this process has read it: any process may ask, whichever does the item. */
  get(id: string): Kept<R> | undefined;
  /** Looks at the definition of an item again: to be called, at once, whenever `definition` may answer otherwise. */
  changed(id: string): void;
  /** Ends the run of an item that is under way here and begins another one; false: none is. */
  renew(id: string): boolean;
  /** Those of `ids()` that are this process's, whether or not there is anything to do. */
  owned(): readonly string[];
  /** How the last run of the item here ended; undefined: it is under way or waits, or the item is another's. */
  end(id: string): End | undefined;
  /** Why the items of this process are not done, whatever they need; undefined: they are. */
  trouble(): string | undefined;
  /** Lets go of everything: runs may take `graceMs`. Another process takes them over. */
  stop(): Promise<void>;
}

export interface SharedWorkOptions<S extends TObject, End> {
  readonly stream: Pick<
    EventStream,
    'append' | 'bounds' | 'consume' | 'createTopics' | 'membershipAgeMs' | 'read'
  >;
  readonly logger: WorkLogger;
  /** Of the records; `cleanup` is `compact`, and the number of partitions is the most processes that share the work. */
  readonly topic: TopicSettings & { readonly cleanup: 'compact' };
  /** Name of the group of processes; of no other work. */
  readonly group: string;
  /** What an item is called in logs, such as `subscription`. */
  readonly noun: string;
  /**
   * What a record says, without `Claim`. Kept as JSON: members may be added later where they are optional; a stored
   * record that does not match is logged and taken for none. At most a few KiB: each save writes all of it.
   */
  readonly record: S;
  /** All items that have a definition, also those with nothing to do. The records of others are forgotten in time. */
  ids(): Iterable<string>;
  /**
   * What decides how the item is to be done, as text; undefined: there is nothing to do (it is paused, done or gone).
   * Where the text becomes another one, the run ends (the hard stop comes 500 ms later) and a new one begins.
   * Asked often: it reads what is in memory, and does not throw.
   */
  definition(id: string): string | undefined;
  /**
   * Does the item from `work.record` on. Returning ends it until its definition changes or another process gets it:
   * a run that finds it done already returns at once, without a save. A run that throws is begun again, after a second
   * at first and 30 at most; so is one that threw `Superseded`, as long as the item is this process's. What it throws
   * after it was stopped is taken for its end.
   */
  run(id: string, work: Work<Static<S>>, stop: WorkStop): Promise<End>;
  /**
   * Most runs at once in this process; the others wait, in the order of their ids. What waits here stays here: it does not
   * move to a process that has less to do. At least 1; default: no limit.
   */
  readonly maxRuns?: number;
  /** Owners take turns: whose items run least here is next. Asked often, does not throw; default: one owner of all. */
  readonly ownerOf?: (id: string) => string;
  /** How long what is under way may take when partitions are taken away or the process stops, ms; default 5,000. */
  readonly graceMs?: number;
  /** How often records of items that are gone are looked for, ms; default 5 minutes. They go at the second look. */
  readonly sweepEveryMs?: number;
  /** Milliseconds since 1970 UTC; default `Date.now`. */
  readonly now?: () => number;
}

export interface WorkLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Another process took the item over. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}
