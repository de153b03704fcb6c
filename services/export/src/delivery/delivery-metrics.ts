/** What is measured of deliveries. The subscriptions are those that this process has. */
import type { TailEvent } from '@cadf-pipeline/event-tail';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { SendResult } from '../sinks/sink.ts';

/** How the subscriptions of this process do, asked when metrics are read. */
export interface DeliveryCensus {
  /** When the oldest event in flight was received, ms since 1970 UTC; undefined: none is. */
  readonly oldestMs: number | undefined;
  readonly byState: ReadonlyMap<string, number>;
}

export interface DeliveryMetrics {
  attempted(type: string, outcome: SendResult['outcome'], events: readonly TailEvent[]): void;
}

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

export function createDeliveryMetrics(
  registry: Registry,
  census: () => DeliveryCensus,
  now: () => number,
): DeliveryMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: 'cadf_delivery_attempts_total',
    help: 'Attempts to deliver a batch of a subscription, by kind of receiver and outcome: delivered, failed, ended.',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const events = new Counter({
    name: 'cadf_delivered_events_total',
    help: 'Events delivered to the receivers of subscriptions, by kind of receiver.',
    labelNames: ['type'],
    registers,
  });
  const delay = new Histogram({
    name: 'cadf_delivery_seconds',
    help: 'From the receipt of the first event of a batch until the batch was delivered.',
    labelNames: ['type'],
    buckets: SECONDS,
    registers,
  });
  // Both are computed when they are read, and registered by being made.
  new Gauge({
    name: 'cadf_delivery_oldest_seconds',
    help: 'Age of the oldest event that is being delivered or waits for a retry, of the subscriptions of this process.',
    registers,
    collect() {
      const { oldestMs } = census();
      this.set(oldestMs === undefined ? 0 : Math.max(0, now() - oldestMs) / 1000);
    },
  });
  new Gauge({
    name: 'cadf_subscriptions',
    help: 'Subscriptions of this process by state: active, retrying, waiting (no rights, or events that cannot be read for it), paused, parked, ended.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const [state, count] of census().byState) this.set({ state }, count);
    },
  });
  return {
    attempted(type, outcome, sent) {
      attempts.inc({ type, outcome });
      if (outcome !== 'delivered') return;
      events.inc({ type }, sent.length);
      const oldest = sent[0];
      if (oldest !== undefined) delay.observe({ type }, Math.max(0, now() - oldest.receivedMs) / 1000);
    },
  };
}
