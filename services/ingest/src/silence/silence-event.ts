/** The event that says that a source has gone silent. */
import { buildEvent } from '@cadf-pipeline/cadf-model';
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { recordId } from '../record-id.ts';

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
  const system = { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline' };
  return buildEvent({
    id: recordId(['source-silence', source, String(sinceMs)]),
    eventType: 'monitor',
    eventTime: sinceMs + silentAfterSeconds * 1000,
    action: 'monitor',
    outcome: 'failure',
    initiator: system,
    target: { id: source, typeURI: 'data/security/node/source', name },
    observer: system,
    name: 'source silent',
    reason: {
      reasonType: 'https://www.dmtf.org/standards/cadf',
      reasonCode: `nothing since ${new Date(sinceMs).toISOString()}`,
    },
    measurements: [
      {
        result: String(silentAfterSeconds),
        metric: { metricId: 'source-silence', unit: 's', name: 'seconds without a record' },
      },
    ],
  });
}
