/**
 * Delivers the managed subscriptions: one process of the group for each, the others take over from it. Also tells how far
 * each has come, whichever process delivers it.
 */
import type { ControlState, Kind, Subscription } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { EventTail, TailCursors } from '@cadf-pipeline/event-tail';
import { createSharedWork } from '@cadf-pipeline/shared-work';
import type { WorkLogger } from '@cadf-pipeline/shared-work';
import type { Registry } from 'prom-client';
import type { Sink } from '../sinks/sink.ts';
import type { DeliveryView } from '../subscription/delivery-view.ts';
import type { Rights } from '../subscription/rights.ts';
import { createAttemptLog } from './attempt-log.ts';
import { createByteBudget } from './byte-budget.ts';
import { deliveryDefinition } from './delivery-definition.ts';
import { createDeliveryMetrics } from './delivery-metrics.ts';
import type { DeliveryCensus } from './delivery-metrics.ts';
import { createDeliveryView } from './delivery-status.ts';
import { ProgressRecord } from './progress-record.ts';
import { createRetrySchedule } from './retry-schedule.ts';
import type { RetrySchedule } from './retry-schedule.ts';
import { runSubscription } from './subscription-run.ts';
import type { RunEnd } from './subscription-run.ts';

export const EXPORT_GROUP = 'cadf-export';
/** Who has the partition of a subscription delivers it. */
export const progressTopicSettings = {
  name: 'cadf.subscription-progress',
  partitions: 16,
  cleanup: 'compact',
} as const;

export interface DeliveryDependencies {
  readonly stream: EventStream;
  readonly state: Pick<ControlState, 'get' | 'list' | 'onChange'>;
  readonly tail: Pick<EventTail, 'follow'>;
  readonly cursors: Pick<TailCursors, 'issue'>;
  readonly rights: Rights;
  readonly openSink: (subscription: Subscription) => Sink;
  readonly registry: Registry;
  readonly logger: WorkLogger;
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

const MAX_BYTES_SENT = 128 * 1024 ** 2;

export function createDelivery(deps: DeliveryDependencies): Delivery {
  const { logger, now, registry, state, stream, random = Math.random } = deps;
  const attempts = createAttemptLog({ stream, logger });
  const running = {
    ...deps,
    attempts,
    budget: createByteBudget(deps.maxBytesSent ?? MAX_BYTES_SENT),
    metrics: createDeliveryMetrics(registry, census, now),
    random,
    schedule: deps.schedule ?? createRetrySchedule({ random }),
  };
  const progress = createSharedWork<typeof ProgressRecord, RunEnd>({
    stream,
    logger,
    topic: progressTopicSettings,
    group: EXPORT_GROUP,
    noun: 'subscription',
    record: ProgressRecord,
    ids: () => state.list('subscription').map(({ entity }) => entity.id),
    definition: (id) => deliveryDefinition(state, id),
    async run(id, work, stop) {
      const subscription = state.get('subscription', id)?.entity;
      return subscription === undefined ? 'rests' : runSubscription(running, subscription, work, stop);
    },
    now,
    ...(deps.graceMs === undefined ? {} : { graceMs: deps.graceMs }),
    ...(deps.sweepEveryMs === undefined ? {} : { sweepEveryMs: deps.sweepEveryMs }),
  });
  const unlisten = state.onChange(changed);

  function changed(kind: Kind, id: string): void {
    if (kind === 'subscription') progress.changed(id);
    if (kind !== 'key') return;
    for (const { entity } of state.list('subscription'))
      if (entity.owner.id === id) progress.changed(entity.id);
  }

  function census(): DeliveryCensus {
    const byState = new Map<string, number>();
    let oldestMs: number | undefined;
    for (const id of progress.owned()) {
      const record = progress.get(id);
      const { inFlight, refused, state: written = 'active' } = record ?? {};
      const retries = inFlight?.nextAttemptMs === undefined ? written : 'retrying';
      const end = progress.end(id);
      const waits = end === 'rights' || end === 'filter' || refused !== undefined;
      const paused = state.get('subscription', id)?.entity.paused === true;
      const word = paused ? 'paused' : waits ? 'waiting' : retries;
      byState.set(word, (byState.get(word) ?? 0) + 1);
      if (inFlight !== undefined && written === 'active')
        oldestMs = Math.min(oldestMs ?? Infinity, inFlight.oldestMs);
    }
    return { oldestMs, byState };
  }

  return {
    ...createDeliveryView({ ...deps, attempts, progress }),
    async start() {
      await attempts.start();
      await progress.start();
    },
    trouble: () => progress.trouble(),
    async stop() {
      unlisten();
      await progress.stop();
      await attempts.stop();
    },
  };
}
