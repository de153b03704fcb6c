/** Batches and keys for tests of what sends webhooks. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { TailEvent } from '@cadf-pipeline/event-tail';
import type { OutgoingBatch } from '../sinks/sink.ts';
import type { DeliveryKeys } from './sign-delivery.ts';

/** Keys of a subscription, with the secret as a receiver is told it. */
export function makeKeys(): DeliveryKeys & { readonly secret: string } {
  const hmac = randomBytes(32);
  const { privateKey } = generateKeyPairSync('ed25519');
  return { hmac, ed25519: privateKey, secret: `whsec_${hmac.toString('base64')}` };
}

/** Events with the ids, as a tail gives them. */
export function makeBatch(ids: readonly string[], id = 'batch1'): OutgoingBatch {
  return { id, subscription: 'subscription1', events: ids.map(makeEvent), cursor: 'cursor1', test: false };
}

function makeEvent(id: string, offset: number): TailEvent {
  const event = {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id,
    eventType: 'activity',
    eventTime: '2026-11-20T18:55:02.114+00:00',
    action: 'create',
    outcome: 'success',
    initiator: { id: 'user-1', typeURI: 'data/security/account/user', name: 'Ådå' },
    target: { id: 'server-1', typeURI: 'compute/machine' },
    observer: { id: 'nova', typeURI: 'service/compute' },
  };
  return {
    partition: 0,
    offset,
    receivedMs: Date.UTC(2026, 10, 20, 18, 55, 3),
    place: 0,
    source: 'nova',
    text: Buffer.from(JSON.stringify(event)),
    event,
  };
}
