/** What the API of subscriptions asks of those who deliver: how far each has come, what receivers said, a test. */
import type { Subscription } from '@cadf-pipeline/control-state';
import type { TailPlace } from '@cadf-pipeline/event-tail';
import type { SendResult, SinkAnswer } from '../sinks/sink.ts';

/** How far a subscription has come, as it was written last by the process that delivers it. */
export interface DeliveryStatus {
  /** Of the subscription, when it was written: that of another generation does not count. */
  readonly generation: number;
  /** Of the subscription, when it was written: parked or ended before the last resume does not count. */
  readonly resumed: number;
  readonly state: 'active' | 'parked' | 'ended';
  /** Where it goes on: after all that was delivered. */
  readonly place: TailPlace;
  /** Events delivered in this generation. */
  readonly delivered: number;
  /** Milliseconds since 1970 UTC, as all times here. */
  readonly lastDeliveredMs?: number;
  readonly lastFailure?: DeliveryFailure;
  /** Of the batch that failed. */
  readonly nextAttemptMs?: number;
  /** When the oldest event was received that was collected and is not delivered. */
  readonly oldestMs?: number;
  /** When the last event that was delivered was received. */
  readonly uptoMs?: number;
  /** Whether it still reads what was accepted a while ago. */
  readonly catchingUp?: boolean;
  /** Why the store does not read on for it, since when, and when it is asked again. */
  readonly refused?: { readonly sinceMs: number; readonly reason: string; readonly nextMs: number };
  /** When this was written. */
  readonly writtenMs?: number;
}

export interface DeliveryFailure {
  readonly atMs: number;
  /** One sentence for the owner. */
  readonly reason: string;
  readonly answer?: SinkAnswer;
}

/** One attempt to deliver a batch. */
export interface DeliveryAttempt {
  /** Id of the batch: the same in all attempts. */
  readonly batch: string;
  /** From 1. */
  readonly attempt: number;
  /** When it began. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly events: number;
  readonly outcome: SendResult['outcome'];
  readonly reason?: string;
  readonly answer?: SinkAnswer;
  readonly test: boolean;
}

/** What came of a test. */
export interface TestDelivery {
  /** Id of the batch: `webhook-id` of a webhook. */
  readonly batch: string;
  readonly result: SendResult;
  readonly durationMs: number;
}

export interface DeliveryView {
  /** Undefined where nothing was written yet. Any process can say. */
  status(id: string): DeliveryStatus | undefined;
  /** The newest first, at most `limit` and at most 100. */
  attempts(id: string, limit: number, outcome?: SendResult['outcome']): readonly DeliveryAttempt[];
  /** Sends one made-up event from this process. Never throws for what the receiver did. */
  test(subscription: Subscription, signal: AbortSignal): Promise<TestDelivery>;
}
