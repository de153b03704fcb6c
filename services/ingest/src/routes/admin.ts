/**
 * `/cadf/v1/admin/*`. It stands with intake because each change of the control state is an audit event of the
 * system, and intake is where events enter the stream.
 */
import { hash } from 'node:crypto';
import { adminRoutes, SYSTEM_SOURCE } from '@cadf-pipeline/control-state';
import type { ControlChangeEvent, ControlState } from '@cadf-pipeline/control-state';
import { eventHeaders, eventKey, submissionHeaders } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { FastifyInstance } from 'fastify';
import { EVENTS_TOPIC } from '../topics.ts';

export interface AdminDependencies {
  readonly stream: EventStream;
  readonly state: ControlState;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

export async function registerAdmin(
  app: FastifyInstance,
  { stream, state, now }: AdminDependencies,
): Promise<void> {
  await app.register(adminRoutes, {
    prefix: '/cadf/v1/admin',
    state,
    now,
    audit: (event: ControlChangeEvent, tenants: readonly string[]) =>
      appendEvent(stream, event, tenants, now()),
  });
}

/** Writes one of the system's own events; resolves when it is durable. */
async function appendEvent(
  stream: EventStream,
  event: ControlChangeEvent,
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
