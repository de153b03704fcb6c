/** The event of a test delivery: made up, says so itself, and is in no store. */
import { randomUUID } from 'node:crypto';
import { SYSTEM_SOURCE } from '@cadf-pipeline/control-state';
import type { TailEvent } from '@cadf-pipeline/event-tail';

/** Valid by the strict profile (DSP0262). `nowMs`: milliseconds since 1970 UTC. */
export function testEvent(nowMs: number): TailEvent {
  const event = {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id: randomUUID(),
    eventType: 'monitor',
    // CADF wants an offset; `Z` is not one.
    eventTime: new Date(nowMs).toISOString().replace('Z', '+00:00'),
    action: 'monitor',
    outcome: 'success',
    name: 'Test of a subscription',
    initiator: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline' },
    target: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline' },
    observer: { id: 'cadf-pipeline', typeURI: 'service/oss/logging', name: 'CADF pipeline' },
    tags: ['//test'],
  };
  const text = Buffer.from(JSON.stringify(event));
  return { partition: 0, offset: 0, receivedMs: nowMs, place: 0, source: SYSTEM_SOURCE, text, event };
}
