/** Events as the formats take them, for tests. */
import type { EventToWrite } from '@cadf-pipeline/event-formats';

/** An event at a position, with members of its own. Ids repeat every `ids` events: versions of one event. */
export function eventToWrite(offset: number, members: object = {}, ids = 7): EventToWrite {
  const event = {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: `event-${offset % ids}`,
    eventType: 'activity',
    eventTime: '2026-11-21T10:00:00.123Z',
    action: 'update',
    outcome: 'success',
    initiator: { id: 'user-1', typeURI: 'data/security/account/user', name: 'alice' },
    target: { id: 'vm-1', typeURI: 'compute/machine', name: 'web' },
    observer: { id: 'nova-1', typeURI: 'service/compute', name: 'nova' },
    ...members,
  };
  return {
    partition: offset % 3,
    offset,
    receivedMs: Date.UTC(2026, 10, 21, 10, 0, 1, offset % 1000),
    source: 'nova-region-a',
    text: Buffer.from(JSON.stringify(event)),
    event,
  };
}
