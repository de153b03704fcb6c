/** Events the system writes about itself: their source is the system, and they pass the strict profile. */
import { hash } from 'node:crypto';
import { eventHeaders, eventKey, EVENTS_TOPIC, submissionHeaders } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { SYSTEM_SOURCE } from './resolve-source.ts';

/**
 * Resolves when the event is durable. `tenants` may see it, and the provider always. Throws what `EventStream.append`
 * throws.
 */
export async function appendOwnEvent(
  stream: EventStream,
  event: Readonly<Record<string, unknown>> & { readonly id: string },
  tenants: readonly string[],
  receivedMs: number,
): Promise<void> {
  const value = Buffer.from(JSON.stringify(event));
  const digest = hash('sha256', value, 'hex');
  await stream.append(EVENTS_TOPIC, {
    headers: submissionHeaders({
      source: SYSTEM_SOURCE,
      sourceType: 'cadf',
      submitter: SYSTEM_SOURCE,
      profile: 'strict',
      receivedMs,
    }),
    records: [{ key: eventKey(SYSTEM_SOURCE, event.id), value, headers: eventHeaders({ tenants, digest }) }],
  });
}
