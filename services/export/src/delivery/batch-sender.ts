/** One attempt to deliver the batch in flight, and what is remembered of how it ended. */
import type { Subscription } from '@cadf-pipeline/control-state';
import type { TailCursors, TailEvent } from '@cadf-pipeline/event-tail';
import type { Work, WorkLogger, WorkStop } from '@cadf-pipeline/shared-work';
import type { OutgoingBatch, SendResult, Sink } from '../sinks/sink.ts';
import type { Rights } from '../subscription/rights.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { DeliveryMetrics } from './delivery-metrics.ts';
import type { ProgressKeeper } from './progress-keeper.ts';
import type { InFlight, ProgressRecord } from './progress-record.ts';
import type { RetrySchedule } from './retry-schedule.ts';
import { fromStoredPlace } from './stored-place.ts';

export interface BatchSenderDependencies {
  readonly cursors: Pick<TailCursors, 'issue'>;
  readonly rights: Rights;
  readonly attempts: Pick<AttemptLog, 'add'>;
  readonly schedule: RetrySchedule;
  readonly metrics: DeliveryMetrics;
  readonly logger: WorkLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** `rests`: it is parked or has ended. `retry`: the batch stays in flight. */
export type Sent = 'delivered' | 'retry' | 'rests' | 'rights';

export interface BatchSender {
  /**
   * Sends what is in flight. That it was delivered is set and not yet saved; that it failed is durable. Throws
   * Superseded, and the reason of the stop where it is not known whether it was delivered.
   */
  send(events: readonly TailEvent[]): Promise<Sent>;
}

export interface SentSubscription {
  readonly subscription: Subscription;
  readonly question: string;
  readonly sink: Sink;
  readonly kept: ProgressKeeper;
  readonly work: Pick<Work<ProgressRecord>, 'certain'>;
  readonly stop: WorkStop;
}

const MAX_REASON = 1000;
const MAX_ANSWER = 1024;

export function createBatchSender(deps: BatchSenderDependencies, sent: SentSubscription): BatchSender {
  const { attempts, cursors, logger, metrics, now, rights, schedule } = deps;
  const { kept, question, sink, stop, subscription, work } = sent;

  /** Undefined: the receiver can be sent to. */
  async function mark(): Promise<SendResult | undefined> {
    const { inFlight } = kept.current;
    if (sink.mark === undefined || inFlight === undefined || inFlight.mark !== undefined) return undefined;
    try {
      const text = await sink.mark(stop.soft);
      kept.set({ ...kept.current, inFlight: { ...inFlight, mark: text } });
      return undefined;
    } catch (error) {
      stop.soft.throwIfAborted();
      return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async function attempt({ id, attempt: number, mark: text, upto }: InFlight, events: readonly TailEvent[]) {
    const batch: OutgoingBatch = {
      id,
      subscription: subscription.id,
      events,
      cursor: cursors.issue(question, fromStoredPlace(upto)),
      test: false,
    };
    try {
      return await sink.send(batch, text === undefined ? { number } : { number, mark: text }, stop.hard);
    } catch (error) {
      stop.hard.throwIfAborted();
      logger.error({ err: error, subscription: subscription.id }, 'a way of delivery failed unexpectedly');
      return {
        outcome: 'failed',
        reason: 'The delivery failed within the pipeline; it is tried again.',
      } as const;
    }
  }

  async function failed(inFlight: InFlight, result: SendResult & { outcome: 'failed' }): Promise<Sent> {
    const failures = inFlight.failures + 1;
    const nowMs = now();
    const next = schedule.next({
      failures,
      firstAttemptMs: inFlight.firstAttemptMs,
      nowMs,
      ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
    });
    const { nextAttemptMs: _last, ...again } = { ...inFlight, attempt: inFlight.attempt + 1, failures };
    kept.set({
      ...kept.current,
      lastFailure: failureOf(result, nowMs),
      ...(next === 'parked'
        ? { state: 'parked', inFlight: again }
        : { inFlight: { ...again, nextAttemptMs: next } }),
    });
    await kept.save(stop.hard);
    if (next !== 'parked') return 'retry';
    logger.warn({ subscription: subscription.id, batch: inFlight.id }, 'a subscription is parked');
    return 'rests';
  }

  async function ended(inFlight: InFlight, result: SendResult & { outcome: 'ended' }): Promise<Sent> {
    const { nextAttemptMs: _last, ...again } = { ...inFlight, attempt: inFlight.attempt + 1 };
    kept.set({
      ...kept.current,
      state: 'ended',
      inFlight: again,
      lastFailure: failureOf(result, now()),
    });
    await kept.save(stop.hard);
    logger.warn({ subscription: subscription.id }, 'a receiver wants no more of a subscription');
    return 'rests';
  }

  function delivered({ newestMs, upto }: InFlight, events: number): Sent {
    const { inFlight: _gone, ...others } = kept.current;
    kept.set({
      ...others,
      place: upto,
      delivered: others.delivered + events,
      lastDeliveredMs: now(),
      ...(newestMs === undefined ? {} : { uptoMs: newestMs }),
    });
    return 'delivered';
  }

  return {
    async send(events) {
      const unable = await mark();
      if (kept.changed) await kept.save(stop.soft);
      const { inFlight } = kept.current;
      if (inFlight === undefined) return 'retry';
      await work.certain(stop.soft);
      stop.soft.throwIfAborted();
      if (rights.scopeOfOwner(subscription) === undefined) return 'rights';
      const atMs = now();
      const result = unable ?? (await attempt(inFlight, events));
      // What broke off because of the stop says nothing of the receiver.
      if (result.outcome !== 'delivered') stop.hard.throwIfAborted();
      const { outcome } = result;
      attempts.add(subscription.id, {
        batch: inFlight.id,
        attempt: inFlight.attempt,
        atMs,
        durationMs: now() - atMs,
        events: events.length,
        outcome,
        ...(result.outcome === 'delivered' ? {} : { reason: result.reason.slice(0, MAX_REASON) }),
        ...answerOf(result),
        test: false,
      });
      metrics.attempted(subscription.sink.type, outcome, events);
      if (result.outcome === 'failed') return failed(inFlight, result);
      if (result.outcome === 'ended') return ended(inFlight, result);
      return delivered(inFlight, events.length);
    },
  };
}

function failureOf(result: SendResult & { outcome: 'failed' | 'ended' }, atMs: number) {
  return { atMs, reason: result.reason.slice(0, MAX_REASON), ...answerOf(result) };
}

/** As it is kept: no longer than it may be. */
export function answerOf({ answer }: SendResult): {
  readonly answer?: { readonly status?: number; readonly text?: string };
} {
  if (answer === undefined) return {};
  const text = answer.text?.slice(0, MAX_ANSWER);
  return { answer: { ...answer, ...(text === undefined ? {} : { text }) } };
}
