/** The event log that a live cloud writes (DSP0263, clause 5.17): accesses, changes of model and state, alarms, CADF events. */
import { ref, typeUri } from './resource.ts';
import type { CimiValue, CimiVersion, Resource } from './resource.ts';
import type { CloudStore } from './store.ts';

export const CLOUD_LOG = 'eventLogs/cloud';

export interface Journal {
  /** `at`: when it came, before what was made of it. */
  access(operation: string, resource: string, initiator: string, outcome: string, at: string): void;
  model(resource: Resource, change: 'create' | 'update' | 'delete'): void;
  state(resource: Resource, state: string, previous: string | undefined): void;
  alarm(resource: Resource, code: string, detail: string): void;
  /** An event of CADF as content. */
  audit(cadf: Readonly<Record<string, CimiValue>>): void;
}

export function createJournal(store: CloudStore, version: CimiVersion, now: () => string): Journal {
  const write = (
    type: string,
    content: CimiValue,
    rest: Readonly<Record<string, CimiValue>>,
    timestamp = now(),
  ): void =>
    void store.addEvent(CLOUD_LOG, {
      created: timestamp,
      timestamp,
      type: type.includes(':') ? type : typeUri(version, `event/${type}`),
      content,
      ...rest,
    });
  const about = ({ id, type, attributes }: Resource): Record<string, CimiValue> => ({
    ...(typeof attributes['name'] === 'string' ? { resName: attributes['name'] } : {}),
    resource: ref(id),
    resType: typeUri(version, type),
  });

  return {
    access: (operation, resource, initiator, outcome, at) =>
      write('access', { operation, resource: ref(resource), initiator }, { outcome, severity: 'low' }, at),
    model: (resource, change) =>
      write('model', { ...about(resource), change }, { outcome: 'Success', severity: 'low' }),
    state: (resource, state, previous) =>
      write(
        'state',
        { ...about(resource), state, ...(previous === undefined ? {} : { previous }) },
        { outcome: 'Status', severity: state === 'ERROR' ? 'high' : 'low' },
      ),
    alarm: (resource, code, detail) =>
      write(
        'alarm',
        { ...about(resource), code, detail },
        { outcome: 'Failure', severity: 'critical', contact: 'mailto:operations@cloud.example' },
      ),
    audit: (cadf) =>
      write(
        'http://schemas.dmtf.org/cloud/audit/1.0/event',
        cadf,
        { outcome: 'Success', severity: 'medium' },
        String(cadf['eventTime'] ?? now()),
      ),
  };
}
