/** Events of what the system observes of itself and of those it collects from. */
import { buildEvent } from '@cadf-pipeline/cadf-model';
import type { Attachment, CadfEvent, Measurement, Resource } from '@cadf-pipeline/cadf-model';

export interface OwnObservation {
  /** The same each time the same thing is told, as everything else of it: the store then keeps one. */
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly timeMs: number;
  readonly outcome: 'success' | 'failure' | 'unknown';
  readonly target: Resource;
  readonly name: string;
  readonly reasonCode: string;
  readonly measurements: readonly Measurement[];
  readonly attachments?: readonly Attachment[];
}

const SYSTEM = { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline' };

/** A monitor event (DSP0262 6.6.1), the system being initiator and observer. */
export function ownMonitorEvent(observation: OwnObservation): CadfEvent {
  const { id, timeMs, outcome, target, name, reasonCode, measurements, attachments } = observation;
  return buildEvent({
    id,
    eventType: 'monitor',
    eventTime: timeMs,
    action: 'monitor',
    outcome,
    initiator: SYSTEM,
    target,
    observer: SYSTEM,
    name,
    reason: { reasonType: 'https://www.dmtf.org/standards/cadf', reasonCode },
    measurements: [...measurements],
    ...(attachments === undefined ? {} : { attachments: [...attachments] }),
  });
}

/** A source as the target of such an event; `name` is for people. */
export function sourceResource(source: string, name: string): Resource {
  return { id: source, typeURI: 'data/security/node/source', name };
}
