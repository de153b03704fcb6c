/** The event that says that indications of a sequence did not come. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { recordId } from '../record-id.ts';
import { ownMonitorEvent, sourceResource } from '../submission/own-monitor-event.ts';

export interface MissingNumbers {
  readonly source: string;
  /** Of the source, for people. */
  readonly name: string;
  /** SequenceContext of DSP1054. */
  readonly context: string;
  readonly from: number;
  readonly to: number;
  /** How many between them are missing. */
  readonly missing: number;
  /** When the first number above came, ms since 1970 UTC. */
  readonly sinceMs: number;
  readonly lifetimeMs: number;
}

const MAX_CONTEXT = 256;

/**
 * The same numbers give the same event, whichever process tells it and how often. A monitor event (DSP0262 6.6.1); the
 * measurement is how many are missing.
 */
export function missingEvent(missing: MissingNumbers): CadfEvent {
  const { source, name, context, from, to, lifetimeMs } = missing;
  const seconds = Math.round(lifetimeMs / 1000);
  return ownMonitorEvent({
    id: recordId(['cim-sequence-gap', source, context, String(from), String(to)]),
    timeMs: missing.sinceMs + lifetimeMs,
    outcome: 'failure',
    target: sourceResource(source, name),
    name: 'indications missing',
    reasonCode: `numbers ${from} to ${to} of sequence ${context.slice(0, MAX_CONTEXT)} did not come within ${seconds} s`,
    measurements: [
      {
        result: String(missing.missing),
        metric: { metricId: 'cim-sequence-gap', unit: 'indications', name: 'indications that did not come' },
      },
    ],
  });
}
