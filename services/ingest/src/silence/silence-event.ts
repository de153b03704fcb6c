/** The event that says that a source has gone silent. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { recordId } from '../record-id.ts';
import { ownMonitorEvent, sourceResource } from '../submission/own-monitor-event.ts';

export interface Silence {
  readonly source: string;
  readonly name: string;
  /** When its last record came, or, where none ever came, when it was registered; milliseconds since 1970 UTC. */
  readonly sinceMs: number;
  readonly silentAfterSeconds: number;
}

/**
 * The same silence gives the same event, whichever process sees it and how often: its id and time derive from when the
 * source was last heard. A monitor event (DSP0262 6.6.1); the measurement is how long the source is allowed to be quiet.
 */
export function silenceEvent({ source, name, sinceMs, silentAfterSeconds }: Silence): CadfEvent {
  return ownMonitorEvent({
    id: recordId(['source-silence', source, String(sinceMs)]),
    timeMs: sinceMs + silentAfterSeconds * 1000,
    outcome: 'failure',
    target: sourceResource(source, name),
    name: 'source silent',
    reasonCode: `nothing since ${new Date(sinceMs).toISOString()}`,
    measurements: [
      {
        result: String(silentAfterSeconds),
        metric: { metricId: 'source-silence', unit: 's', name: 'seconds without a record' },
      },
    ],
  });
}
