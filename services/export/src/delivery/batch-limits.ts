/** How many events of a subscription are carried together. */
import { BATCH_DEFAULTS } from '@cadf-pipeline/control-state';
import type { Subscription } from '@cadf-pipeline/control-state';

export interface BatchLimits {
  readonly maxEvents: number;
  /** Of the texts of the events; one event may exceed it. */
  readonly maxBytes: number;
  /** How long an event waits for others of its batch. */
  readonly maxWaitMs: number;
}

export function batchLimits({ sink }: Pick<Subscription, 'sink'>): BatchLimits {
  const limits: BatchLimits = { ...BATCH_DEFAULTS, ...sink.batch };
  // A structured CloudEvent is the whole body.
  return sink.type === 'webhook' && sink.format === 'cloudevents' ? { ...limits, maxEvents: 1 } : limits;
}
