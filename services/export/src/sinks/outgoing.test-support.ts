/** Batches as delivery hands them over, for tests of the ways to carry them. */
import type { TailEvent } from '@cadf-pipeline/event-tail';
import type { OutgoingBatch } from './sink.ts';

/** An event at a position, with members of its own. Ids repeat every `ids` events: versions of one event. */
export function tailEvent(offset: number, members: object = {}, ids = 7): TailEvent {
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
    place: 0,
    source: 'nova-region-a',
    text: Buffer.from(JSON.stringify(event)),
    event,
  };
}

export function outgoingBatch(events: readonly TailEvent[], id = 'batch-1'): OutgoingBatch {
  return { id, subscription: 'sub-1', events, cursor: 'cursor-1', test: false };
}

export function numberedBatch(first: number, count: number, id = `batch-${first}`): OutgoingBatch {
  return outgoingBatch(
    Array.from({ length: count }, (_, index) => tailEvent(first + index)),
    id,
  );
}
