/** What a submitter is, whichever way it keeps what waits. */
import type { operations } from '../api.generated.ts';
import { ClientError, clientCodes } from '../client-error.ts';
import type { CadfEvent } from '../query/query-events.ts';
import type { Rejection, SubmitOutcome } from './outcome.ts';
import type { SpoolOptions } from './spool.ts';

type SubmitQuery = NonNullable<operations['postEvents']['parameters']['query']>;

export interface SubmitterOptions extends Pick<SubmitQuery, 'source' | 'profile'> {
  readonly batch?: {
    /** 1 to 10,000. Default 500. */
    readonly maxEvents?: number;
    /** Of their JSON. Default 4 MiB. */
    readonly maxBytes?: number;
    /** How long an event waits for others. Default 200. */
    readonly maxWaitMs?: number;
  };
  /**
   * Keep events on disk until the service has them. They are tried for ever, also those that a refused key holds up;
   * what an earlier process left is sent first.
   */
  readonly spool?: SpoolOptions;
  /** Without a spool: bytes of events that wait in memory, at most. Default 32 MiB. */
  readonly maxPendingBytes?: number;
  /** Without a spool: how long a batch is tried, ms, before its events fail. Default 300,000. */
  readonly retryForMs?: number;
  /** Told of each event that the service does not take. With a spool it is in `rejected.ndjson` by then. */
  readonly onRejected?: (rejection: Rejection, text: string) => void;
  /** Told of each attempt that failed, and how long the pause is, ms. */
  readonly onTrouble?: (error: Error, pauseMs: number) => void;
}

export interface SubmitterCounts {
  /** Since the submitter was made. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

export interface Submitter {
  /**
   * Takes an event, or the JSON text of one, which is sent as it is (line breaks become spaces). Without a spool resolves
   * with what the service made of it; with one, as soon as it is durable on disk. Rejects with ClientError: CLIENT_FULL
   * (nothing was taken: wait for `room()`), CLIENT_EVENT_UNUSABLE, CLIENT_SPOOL_FAILED, CLIENT_CLOSED, and without a
   * spool with what the service answered to the whole batch. An event that was rejected so may be added again: should
   * the service have it, it is a duplicate.
   */
  add(event: CadfEvent | string): Promise<SubmitOutcome>;
  /** Resolves when there is room again. */
  room(): Promise<void>;
  /** Sends what waits; resolves when all that was added before has its outcome. Rejects with the signal's reason. */
  flush(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Takes nothing more, sends what waits for at most so long (default 10,000 ms), and lets go. What could not be sent
   * then fails with CLIENT_CLOSED, or stays in the spool for the next process.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
  readonly counts: SubmitterCounts;
}

/** The same with all its defaults. */
export interface SubmitterSettings {
  readonly source: string | undefined;
  readonly profile: string | undefined;
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
  readonly maxPendingBytes: number;
  readonly retryForMs: number;
  readonly onRejected: (rejection: Rejection, text: string) => void;
  readonly onTrouble: (error: Error, pauseMs: number) => void;
}

export const DEFAULT_CLOSE_MS = 10_000;

/** The error of what comes after the end. */
export function closedError(): ClientError {
  return new ClientError(
    clientCodes.CLIENT_CLOSED,
    'The submitter is closed: it is not known to have been sent.',
  );
}
