/**
 * `/cadf/v1/admin/*`. It stands with intake because each change of the control state is an audit event of the
 * system, and intake is where events enter the stream.
 */
import { adminRoutes, appendOwnEvent } from '@cadf-pipeline/control-state';
import type { ControlChangeEvent, ControlState } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { FastifyInstance } from 'fastify';

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
      appendOwnEvent(stream, event, tenants, now()),
  });
}
