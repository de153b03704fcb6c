/** The three changes that routes make of a thing, each with its audit event. */
import type { FastifyRequest } from 'fastify';
import type { ControlAction } from '../control-change-event.ts';
import type { Versioned } from '../control-record.ts';
import type { Entity, Kind } from '../entities.ts';
import { auditedChange } from './audited-change.ts';
import type { AdminDeps } from './audited-change.ts';
import { requireCurrent } from './entity-http.ts';
import type { IdParams } from './entity-http.ts';

type OfOne = FastifyRequest<{ Params: IdParams }>;

/** `make` decides whether the principal may make it, and throws where not. Throws what `auditedChange` throws. */
export async function auditedCreation<K extends Kind>(
  deps: AdminDeps,
  request: FastifyRequest,
  { kind, id, make }: { readonly kind: K; readonly id: string; readonly make: () => Entity<K> },
): Promise<Versioned<K>> {
  const made = await auditedChange(deps, request, {
    action: 'create',
    kind,
    id,
    plan: () => ({ before: undefined, after: make() }),
  });
  return requireCurrent(kind, id, made, undefined);
}

export interface Update<K extends Kind> {
  readonly action: ControlAction;
  readonly kind: K;
  /** What is changed; throws where the principal may not, or where it is not there. */
  readonly current: () => Versioned<K>;
  readonly to: (before: Entity<K>) => Entity<K>;
}

/** Of the thing that the path names. Throws what `current`, `to` and `auditedChange` throw. */
export async function auditedUpdate<K extends Kind>(
  deps: AdminDeps,
  request: OfOne,
  { action, current, kind, to }: Update<K>,
): Promise<Versioned<K>> {
  const { id } = request.params;
  const made = await auditedChange(deps, request, {
    action,
    kind,
    id,
    plan: () => {
      const before = current();
      return { before, after: to(before.entity) };
    },
  });
  return requireCurrent(kind, id, made, undefined);
}

/** Of the thing that the path names. Throws what `current` and `auditedChange` throw. */
export async function auditedDeletion<K extends Kind>(
  deps: AdminDeps,
  request: OfOne,
  { current, kind }: Pick<Update<K>, 'current' | 'kind'>,
): Promise<void> {
  await auditedChange(deps, request, {
    action: 'delete',
    kind,
    id: request.params.id,
    plan: () => ({ before: current(), after: null }),
  });
}
