/**
 * Where the events of a subscription go: one way of carrying a batch to its receiver. Which events, in which order,
 * how often it is tried and what is remembered is not its business (`../delivery/`).
 */
import type { TailEvent } from '@cadf-pipeline/event-tail';

/** A batch as it is sent; sent again it is the same: same id, same events, same cursor. */
export interface OutgoingBatch {
  /** Names the batch wherever it is sent and however often. */
  readonly id: string;
  /** Id of the subscription. */
  readonly subscription: string;
  /** One or more, in the order of acceptance. */
  readonly events: readonly TailEvent[];
  /** Where to go on after the batch; safe to keep. */
  readonly cursor: string;
  /** Sent on request, to try the way: its events are made up for it. */
  readonly test: boolean;
}

/** What the receiver said, for the delivery log. No secrets. */
export interface SinkAnswer {
  /** HTTP status, where there is one. */
  readonly status?: number;
  /** The beginning of what it said, at most 1,024 characters. */
  readonly text?: string;
}

export type SendResult =
  | { readonly outcome: 'delivered'; readonly answer?: SinkAnswer }
  /** To be tried again; not before `retryAfterMs`, where the receiver asked for a pause. */
  | {
      readonly outcome: 'failed';
      /** One sentence for the owner of the subscription: what went wrong and how to mend it. */
      readonly reason: string;
      readonly answer?: SinkAnswer;
      readonly retryAfterMs?: number;
    }
  /** The receiver wants no more, ever (HTTP 410). */
  | { readonly outcome: 'ended'; readonly reason: string; readonly answer?: SinkAnswer };

export interface Sink {
  /**
   * Asked before a batch is sent for the first time and kept beside it until it is delivered: what `send` needs to know,
   * after a crash, which events of the batch had arrived (for Kafka, where the topic ended). At most 4 KiB.
   * Rejects where the receiver cannot be asked, with an Error whose message is one sentence for the owner: the batch was
   * not sent then, and the attempt has failed for that reason.
   */
  mark?(signal: AbortSignal): Promise<string>;
  /**
   * One attempt to carry the batch. Never throws for what the receiver or the way to it did: that is `failed`.
   * `mark` is what `mark()` gave before the first attempt; `attempt` counts from 1, across processes.
   */
  send(
    batch: OutgoingBatch,
    attempt: { readonly number: number; readonly mark?: string },
    signal: AbortSignal,
  ): Promise<SendResult>;
  /** Lets go of connections. Idempotent. */
  close(): Promise<void>;
}
