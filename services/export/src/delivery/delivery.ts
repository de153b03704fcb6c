/**
 * Delivers the managed subscriptions: one process of the group for each, the others take over from it. Also tells how far
 * each has come, whichever process delivers it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlState, Subscription } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { EventTail, TailCursors } from '@cadf-pipeline/event-tail';
import type { Registry } from 'prom-client';
import type { Sink } from '../sinks/sink.ts';
import type { DeliveryView } from '../subscription/delivery-view.ts';
import type { Rights } from '../subscription/rights.ts';
import { createAttemptLog } from './attempt-log.ts';
import { createByteBudget } from './byte-budget.ts';
import type { DeliveryLogger } from './delivery-logger.ts';
import { createDeliveryMetrics } from './delivery-metrics.ts';
import type { DeliveryCensus } from './delivery-metrics.ts';
import { createDeliveryView } from './delivery-status.ts';
import { createOwnedSubscriptions } from './owned-subscriptions.ts';
import { createProgressTopic, progressTopicSettings } from './progress-topic.ts';
import { createRetrySchedule } from './retry-schedule.ts';
import type { RetrySchedule } from './retry-schedule.ts';
import { runSubscription } from './subscription-run.ts';

export const EXPORT_GROUP = 'cadf-export';

export interface DeliveryDependencies {
  readonly stream: EventStream;
  readonly state: Pick<ControlState, 'get' | 'list' | 'onChange'>;
  readonly tail: Pick<EventTail, 'follow'>;
  readonly cursors: Pick<TailCursors, 'issue'>;
  readonly rights: Rights;
  readonly openSink: (subscription: Subscription) => Sink;
  readonly registry: Registry;
  readonly logger: DeliveryLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly schedule?: RetrySchedule;
  /** 0 to 1; default `Math.random`. */
  readonly random?: () => number;
  /** How long what is under way may take when partitions are taken away or the process stops, ms; default 5,000. */
  readonly graceMs?: number;
  /** Bytes of texts of events that are being sent, of all subscriptions of the process; default 128 MiB. */
  readonly maxBytesSent?: number;
  /** How often what is remembered of deleted subscriptions is looked for, ms; default 5 minutes. */
  readonly sweepEveryMs?: number;
}

export interface Delivery extends DeliveryView {
  /** Makes its topics, reads what is remembered and joins the group. */
  start(): Promise<void>;
  /** Why subscriptions of this process are not delivered, whatever receivers do; undefined: they are. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

/**
 * Half the session timeout: a process that was paused (or cut off) for longer sends nothing before the group has confirmed
 * that its subscriptions are still its own.
 */
const MAX_MEMBERSHIP_AGE_MS = 15_000;
const MAX_BYTES_SENT = 128 * 1024 ** 2;
const CERTAIN_EVERY_MS = 250;
const RESTART_MS = 1000;
/** A membership that has gone on for so long since it was started again is taken to be well. */
const WELL_AFTER_MS = 5000;
const SWEEP_EVERY_MS = 300_000;

export function createDelivery(deps: DeliveryDependencies): Delivery {
  const { logger, now, registry, state, stream, graceMs = 5000, random = Math.random } = deps;
  const topic = progressTopicSettings.name;
  const progress = createProgressTopic({ stream, logger });
  const attempts = createAttemptLog({ stream, logger });
  const metrics = createDeliveryMetrics(registry, census, now);
  const running = {
    ...deps,
    attempts,
    budget: createByteBudget(deps.maxBytesSent ?? MAX_BYTES_SENT),
    certain,
    metrics,
    progress,
    random,
    schedule: deps.schedule ?? createRetrySchedule({ random }),
  };
  const stopping = new AbortController();
  const owned = createOwnedSubscriptions({
    state,
    logger,
    run: (subscription, stop) => runSubscription(running, subscription, stop),
  });
  const view = createDeliveryView({ ...deps, attempts, progress });
  let trouble: string | undefined;
  let following: Promise<void> = Promise.resolve();
  let sweeping: NodeJS.Timeout | undefined;
  /** Of which nothing was known at the last sweep. */
  let unknown: ReadonlySet<string> = new Set();

  /** What an earlier owner still writes hides what counts from who reads the topic anew: that is written once more. */
  progress.onOlder((id) => {
    const record = progress.get(id);
    const mine = owned.owned().some((subscription) => subscription.id === id);
    if (record === undefined || !mine || owned.renew(id)) return;
    quietly(progress.write(id, record, stopping.signal), 'progress could not be restored', id);
  });

  function quietly(done: Promise<unknown>, message: string, subscription: string): void {
    done.catch((error: unknown) => {
      if (!stopping.signal.aborted) logger.warn({ err: error, subscription }, message);
    });
  }

  async function certain(signal: AbortSignal): Promise<void> {
    while (stream.membershipAgeMs(topic, EXPORT_GROUP) > MAX_MEMBERSHIP_AGE_MS)
      await sleep(CERTAIN_EVERY_MS, undefined, { signal });
  }

  function census(): DeliveryCensus {
    const byState = new Map<string, number>();
    let oldestMs: number | undefined;
    for (const subscription of owned.owned()) {
      const record = progress.get(subscription.id);
      const { inFlight, refused, state: written = 'active' } = record ?? {};
      const retries = inFlight?.nextAttemptMs === undefined ? written : 'retrying';
      const waits = owned.waits(subscription.id) || refused !== undefined;
      const word = subscription.paused ? 'paused' : waits ? 'waiting' : retries;
      byState.set(word, (byState.get(word) ?? 0) + 1);
      if (inFlight !== undefined && written === 'active')
        oldestMs = Math.min(oldestMs ?? Infinity, inFlight.oldestMs);
    }
    return { oldestMs, byState };
  }

  async function take(partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    // Also those of an assignment that was given up before it was begun.
    const next = await progress.caughtUp(stopping.signal);
    owned.own(new Set(partitions));
    logger.info({ partitions: partitions.length }, 'delivering the subscriptions of these partitions');
    return next;
  }

  async function join(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      const well = setTimeout(() => (trouble = undefined), WELL_AFTER_MS);
      try {
        const batches = stream.consume(topic, {
          group: EXPORT_GROUP,
          signal,
          startAt: take,
          revoked: () => owned.disown(graceMs),
        });
        // It is followed elsewhere: here it is read for the membership only.
        for await (const _ of batches) if (signal.aborted) break;
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
        if (!signal.aborted) logger.error({ err: error }, 'deliveries stopped, starting them again');
      } finally {
        clearTimeout(well);
        await owned.disown(graceMs);
      }
      await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Forgets subscriptions that were deleted: not at once, since another process may hear of a new one later. */
  function sweep(): void {
    const gone = [...progress.ids()].filter((id) => state.get('subscription', id) === undefined);
    for (const id of gone)
      if (unknown.has(id)) quietly(progress.forget(id), 'progress could not be forgotten', id);
    unknown = new Set(gone);
  }

  return {
    ...view,
    async start() {
      await progress.start();
      await attempts.start();
      following = join();
      sweeping = setInterval(sweep, deps.sweepEveryMs ?? SWEEP_EVERY_MS);
    },
    trouble: () => trouble ?? progress.trouble(),
    async stop() {
      clearInterval(sweeping);
      owned.stop();
      // Runs first: their progress is written through what is stopped after them.
      await owned.disown(graceMs);
      stopping.abort(new Error('the process is stopping'));
      await following;
      await attempts.stop();
      await progress.stop();
    },
  };
}
