/** CADF events of our own for tests: strict-valid unless changed. */
import { randomUUID } from 'node:crypto';

export type TestEvent = Record<string, unknown> & { readonly id: string };

/** A strict-valid event with a fresh id; `changes` replace whole members. */
export function testEvent(changes: Readonly<Record<string, unknown>> = {}): TestEvent {
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: randomUUID(),
    eventType: 'activity',
    eventTime: '2026-11-01T12:00:00.000000+00:00',
    action: 'update',
    outcome: 'success',
    initiator: {
      id: 'a1f7c2d0-5b1e-4b65-8c4e-7d1f00c0ffee',
      typeURI: 'data/security/account/user',
      name: 'ada',
      project_id: 'project-a',
    },
    target: { id: '0c2f4c0e-95a5-4c55-9a0c-3b1de1f2a7b9', typeURI: 'compute/machine', name: 'db01' },
    observer: { id: 'c2b1a0f9-8e7d-4c6b-a594-837261504938', typeURI: 'service/compute', name: 'compute' },
    ...changes,
  };
}

/** NDJSON of events. */
export function ndjson(events: readonly unknown[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
