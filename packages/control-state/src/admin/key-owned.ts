/** What API keys own (exports, feeds, imports, schedules, subscriptions): who finds it, who may change it, and changing it. */
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { ErrorDefinition, Principal } from '@cadf-pipeline/service-kit';
import type { FastifyRequest } from 'fastify';
import type { ControlAction } from '../control-change-event.ts';
import type { Versioned } from '../control-record.ts';
import type { Entity } from '../entities.ts';
import type { KeyOwner } from '../key-owner.ts';
import { BOOTSTRAP_KEY_ID } from '../key-verifier.ts';
import type { AdminDeps } from './audited-change.ts';
import { auditedCreation, auditedDeletion, auditedUpdate } from './entity-changes.ts';
import { requireCurrent } from './entity-http.ts';
import type { IdParams } from './entity-http.ts';
import { createOwnerRoom } from './owner-room.ts';

export type KeyOwnedKind = 'export' | 'feed' | 'import' | 'schedule' | 'subscription';

/** `own`: only its owner; `see`: also an admin of all its tenants. */
export type May = 'own' | 'see';
type OfOne = FastifyRequest<{ Params: IdParams }>;

export interface KeyOwnedOptions<K extends KeyOwnedKind> {
  readonly kind: K;
  /** How many one owner may have. */
  readonly most: number;
  readonly problems: {
    /** There is none, or the principal may not know of it. */
    readonly notFound: ErrorDefinition;
    /** An admin sees it, and only its owner may do this. */
    readonly notYours: ErrorDefinition;
    /** The caller is no key, and can own nothing. */
    readonly needsKey: ErrorDefinition;
    /** Its owner has as many as it may. */
    readonly tooMany: ErrorDefinition;
    /** The id is taken. Left out where ids are made here: then `CONTROL_EXISTS`. */
    readonly exists?: ErrorDefinition;
  };
}

export interface KeyOwned<K extends KeyOwnedKind> {
  /** A key that was given the id of another owns nothing of that. */
  isOwn(principal: Principal, thing: Entity<K>): boolean;
  /** Its owner, and an admin of all tenants it has; what belongs to none is the provider's. */
  sees(principal: Principal, thing: Entity<K>): boolean;
  /** Those the principal sees, in no particular order. */
  all(principal: Principal): readonly Versioned<K>[];
  /** The one that the path names. Throws `notFound`, `notYours`, and `CONTROL_VERSION` where If-Match names another version. */
  current(request: OfOne, may: May): Versioned<K>;
  /** Who owns what this caller makes. Throws `needsKey`. */
  ownerOf(principal: Principal): KeyOwner;
  /**
   * Makes one, with its audit event. `make` may ask `requireNew` before it does what cannot be undone; what it throws
   * is no event. Throws `tooMany`, `exists`, and what `make` and a change of the control state throw.
   */
  create(
    request: FastifyRequest,
    id: string,
    make: (requireNew: () => void) => Entity<K> | Promise<Entity<K>>,
  ): Promise<Versioned<K>>;
  /** Makes what `to` makes of it, with its audit event. Throws what `current` throws, and what a change of the control state throws. */
  change(
    request: OfOne,
    may: May,
    action: ControlAction,
    to: (before: Entity<K>) => Entity<K>,
  ): Promise<Versioned<K>>;
  /** Deletes it, which who sees it may, with its audit event. Throws as `change`. */
  remove(request: OfOne): Promise<void>;
}

export function createKeyOwned<K extends KeyOwnedKind>(
  deps: AdminDeps,
  { kind, most, problems }: KeyOwnedOptions<K>,
): KeyOwned<K> {
  const { state } = deps;
  const room = createOwnerRoom(state, kind, most, problems.tooMany);

  /** When the calling key was made; undefined for the bootstrap key and for who is no key. */
  const sinceOf = (principal: Principal): string | undefined =>
    principal.kind === 'key' ? state.get('key', principal.id)?.entity.created : undefined;
  const isOwn = (principal: Principal, { owner }: Entity<K>): boolean =>
    principal.kind === owner.kind && principal.id === owner.id && sinceOf(principal) === owner.since;
  const sees = (principal: Principal, thing: Entity<K>): boolean =>
    isOwn(principal, thing) || administers(principal, thing);

  function current(request: OfOne, may: May): Versioned<K> {
    const principal = principalOf(request);
    const { id } = request.params;
    const found = state.get(kind, id);
    if (found === undefined || !sees(principal, found.entity)) throw new ProblemError(problems.notFound);
    if (may === 'own' && !isOwn(principal, found.entity)) throw new ProblemError(problems.notYours);
    return requireCurrent(kind, id, found, request.headers['if-match']);
  }

  return {
    isOwn,
    sees,
    all: (principal) => state.list(kind).filter(({ entity }) => sees(principal, entity)),
    current,
    ownerOf(principal) {
      const { id, name } = principal;
      const since = sinceOf(principal);
      if (principal.kind !== 'key' || (since === undefined && id !== BOOTSTRAP_KEY_ID))
        throw new ProblemError(problems.needsKey);
      return { kind: principal.kind, id, name, ...(since === undefined ? {} : { since }) };
    },
    create: (request, id, make) =>
      room(principalOf(request), async (requireRoom) => {
        const requireNew = (): void => {
          requireRoom();
          if (problems.exists !== undefined && state.get(kind, id) !== undefined)
            throw new ProblemError(problems.exists);
        };
        const after = await make(requireNew);
        return auditedCreation(deps, request, {
          kind,
          id,
          make: () => {
            requireNew();
            return after;
          },
        });
      }),
    change: (request, may, action, to) =>
      auditedUpdate(deps, request, { action, kind, current: () => current(request, may), to }),
    remove: (request) => auditedDeletion(deps, request, { kind, current: () => current(request, 'see') }),
  };
}

function administers(principal: Principal, { tenants }: Entity<KeyOwnedKind>): boolean {
  if (!principal.roles.has('admin')) return false;
  const reach = principal.tenants;
  if (reach === '*') return true;
  return tenants !== '*' && tenants.length > 0 && tenants.every((tenant) => reach.includes(tenant));
}
