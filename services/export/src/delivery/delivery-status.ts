/** What the API of subscriptions asks of delivery: answered by any process, whichever delivers. */
import { randomUUID } from 'node:crypto';
import type { Subscription } from '@cadf-pipeline/control-state';
import type { TailCursors } from '@cadf-pipeline/event-tail';
import type { SharedWork } from '@cadf-pipeline/shared-work';
import type { OutgoingBatch, SendResult, Sink } from '../sinks/sink.ts';
import type { DeliveryView, TestDelivery } from '../subscription/delivery-view.ts';
import { askedEvents } from '../subscription/asked-events.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { ProgressRecord } from './progress-record.ts';
import { fromStoredPlace } from './stored-place.ts';
import { testEvent } from './test-event.ts';

export interface DeliveryViewDependencies {
  readonly progress: Pick<SharedWork<ProgressRecord, unknown>, 'get'>;
  readonly attempts: Pick<AttemptLog, 'add' | 'last'>;
  readonly cursors: Pick<TailCursors, 'issue'>;
  readonly openSink: (subscription: Subscription) => Sink;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

const MAX_ATTEMPTS = 100;

export function createDeliveryView(deps: DeliveryViewDependencies): DeliveryView {
  const { attempts, cursors, now, openSink, progress } = deps;
  return {
    status(id) {
      const record = progress.get(id);
      if (record === undefined) return undefined;
      const { epoch: _epoch, inFlight, owner: _owner, place, ...told } = record;
      return {
        ...told,
        place: fromStoredPlace(place),
        ...(inFlight === undefined ? {} : { oldestMs: inFlight.oldestMs }),
        ...(inFlight?.nextAttemptMs === undefined ? {} : { nextAttemptMs: inFlight.nextAttemptMs }),
      };
    },
    attempts: (id, limit, outcome) =>
      attempts
        .last(id, MAX_ATTEMPTS)
        .filter((attempt) => outcome === undefined || attempt.outcome === outcome)
        .slice(0, Math.min(limit, MAX_ATTEMPTS)),
    async test(subscription, signal) {
      const question = askedEvents(subscription)?.question;
      const batch: OutgoingBatch = {
        id: `msg_${randomUUID().replaceAll('-', '')}`,
        subscription: subscription.id,
        events: [testEvent(now())],
        // Nothing can go on from there where the filter cannot be read.
        cursor: question === undefined ? '' : cursors.issue(question, fromStoredPlace(subscription.start)),
        test: true,
      };
      const atMs = now();
      const result = await sendTest(openSink(subscription), batch, signal);
      const durationMs = now() - atMs;
      const { answer, outcome } = result;
      attempts.add(subscription.id, {
        batch: batch.id,
        attempt: 1,
        atMs,
        durationMs,
        events: batch.events.length,
        outcome,
        ...(result.outcome === 'delivered' ? {} : { reason: result.reason }),
        ...(answer === undefined ? {} : { answer }),
        test: true,
      });
      return { batch: batch.id, result, durationMs } satisfies TestDelivery;
    },
  };
}

async function sendTest(sink: Sink, batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult> {
  try {
    const mark = await sink.mark?.(signal);
    return await sink.send(batch, mark === undefined ? { number: 1 } : { number: 1, mark }, signal);
  } catch (error) {
    return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await sink.close();
  }
}
