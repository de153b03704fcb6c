import { randomUUID } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import { frameworkErrors, principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';

import { controlChangeEvent, tenantsOfChange } from '../control-change-event.ts';
import type { ControlAction, ControlChange, ControlChangeEvent } from '../control-change-event.ts';
import type { Versioned } from '../control-record.ts';
import type { ControlState } from '../control-state.ts';
import type { Entity, Kind } from '../entities.ts';

/** Writes an audit event of the system itself; resolves when it is durable. */
export type Audit = (event: ControlChangeEvent, tenants: readonly string[]) => Promise<void>;

export interface AdminDeps {
  readonly state: ControlState;
  readonly audit: Audit;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** From what to what; `after` null deletes. */
export interface Plan<K extends Kind> {
  readonly before: Versioned<K> | undefined;
  readonly after: Entity<K> | null;
}

export interface PlannedChange<K extends Kind> {
  readonly action: ControlAction;
  readonly kind: K;
  readonly id: string;
  /** Decides whether the principal may do it, and what is to be done; throws where not. */
  readonly plan: () => Plan<K>;
}

/**
 * Makes one change so that none can happen without its audit event: the attempt is written first (outcome
 * `pending`; when that fails, nothing is changed), then the change, then the end under the same event id.
 * Refused and failed attempts are recorded too.
 */
export async function auditedChange<K extends Kind>(
  { state, audit, now }: AdminDeps,
  request: FastifyRequest,
  planned: PlannedChange<K>,
): Promise<Versioned<K> | undefined> {
  const principal = principalOf(request);
  let attempt: ControlChange = {
    eventId: randomUUID(),
    timeMs: now(),
    action: planned.action,
    outcome: 'pending',
    kind: planned.kind,
    id: planned.id,
    principal,
    remoteAddress: request.ip,
  };
  const record = (change: ControlChange): Promise<void> =>
    audit(controlChangeEvent(change), tenantsWithin(principal, tenantsOfChange(change)));
  try {
    const { before, after } = planned.plan();
    attempt = { ...attempt, before: before?.entity, after: after ?? undefined };
    await record(attempt);
    const changed = await state.change(planned.kind, planned.id, after, {
      by: principal.id,
      ifVersion: before?.version ?? 0,
    });
    // It is done and recorded as an attempt: an end that cannot be written must not make it look undone.
    await record({ ...attempt, outcome: 'success' }).catch((error: unknown) => {
      request.log.error(
        { err: error, eventId: attempt.eventId },
        'the end of a control change was not recorded',
      );
    });
    return changed;
  } catch (error) {
    const failure =
      error instanceof ProblemError
        ? { status: error.statusCode, code: error.code }
        : { status: 500, code: frameworkErrors.INTERNAL.code };
    await record({ ...attempt, outcome: 'failure', failure }).catch((cause: unknown) => {
      request.log.error({ err: cause, eventId: attempt.eventId }, 'a failed control change was not recorded');
    });
    throw error;
  }
}

/** An attempt on what is another tenant's is the provider's to see: the key's name would be a message to that tenant. */
function tenantsWithin(principal: Principal, tenants: readonly string[]): readonly string[] {
  const reach = principal.tenants;
  return reach === '*' ? tenants : tenants.filter((tenant) => reach.includes(tenant));
}
