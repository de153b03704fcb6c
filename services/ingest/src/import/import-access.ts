/** Who finds an import, who may change it, and who may send files to it. */
import { BOOTSTRAP_KEY_ID, requireCurrent } from '@cadf-pipeline/control-state';
import type { ControlState, IdParams, ImportDefinition, Versioned } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError, requireAllTenants, scopeOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyRequest } from 'fastify';
import { ingestErrors } from '../errors.ts';

type OfOne = Pick<FastifyRequest<{ Params: IdParams }>, 'headers' | 'params' | 'principal'>;

export interface ImportAccess {
  /** Those the principal may see: its own, and of an admin those of its tenants. */
  all(principal: Principal): readonly Versioned<'import'>[];
  /** Throws IMPORT_NOT_FOUND, IMPORT_NOT_YOURS and CONTROL_VERSION. */
  current(request: FastifyRequest<{ Params: IdParams }>, may: 'own' | 'see'): Versioned<'import'>;
  /** Also a key that is bound to the source that is the prefix. Throws IMPORT_NOT_FOUND, FORBIDDEN_TENANT and IMPORT_TAKES_NO_FILES. */
  receiving(request: FastifyRequest<{ Params: { id: string; name?: string } }>): ImportDefinition;
  /** Who owns what this caller makes. Throws IMPORT_NEEDS_KEY. */
  ownerOf(principal: Principal): ImportDefinition['owner'];
  owns(principal: Principal, definition: ImportDefinition): boolean;
}

export function createImportAccess(state: Pick<ControlState, 'get' | 'list'>): ImportAccess {
  const sinceOf = ({ id, kind }: Principal): string | undefined =>
    kind === 'key' ? state.get('key', id)?.entity.created : undefined;

  const owns = (principal: Principal, { owner }: ImportDefinition): boolean =>
    principal.kind === owner.kind && principal.id === owner.id && sinceOf(principal) === owner.since;

  function find({ params }: OfOne): Versioned<'import'> {
    const found = state.get('import', params.id);
    if (found === undefined) throw new ProblemError(ingestErrors.IMPORT_NOT_FOUND);
    return found;
  }

  return {
    owns,
    all: (principal) =>
      state.list('import').filter(({ entity }) => owns(principal, entity) || administers(principal, entity)),
    current(request, may) {
      const principal = principalOf(request);
      const found = find(request);
      const own = owns(principal, found.entity);
      if (!own && !administers(principal, found.entity))
        throw new ProblemError(ingestErrors.IMPORT_NOT_FOUND);
      if (may === 'own' && !own) throw new ProblemError(ingestErrors.IMPORT_NOT_YOURS);
      return requireCurrent('import', request.params.id, found, request.headers['if-match']);
    },
    receiving(request) {
      const principal = principalOf(request);
      const { entity } = find(request);
      const bound = principal.source !== undefined && principal.source === entity.prefix;
      if (!owns(principal, entity) && !administers(principal, entity) && !bound)
        throw new ProblemError(ingestErrors.IMPORT_NOT_FOUND);
      if (bound && !owns(principal, entity)) requireReachOf(principal, entity);
      if (entity.from.type !== 'upload') throw new ProblemError(ingestErrors.IMPORT_TAKES_NO_FILES);
      return entity;
    },
    ownerOf(principal) {
      const { id, kind, name, source } = principal;
      const since = sinceOf(principal);
      if (kind !== 'key' || source !== undefined || (since === undefined && id !== BOOTSTRAP_KEY_ID))
        throw new ProblemError(ingestErrors.IMPORT_NEEDS_KEY);
      return { kind, id, name, ...(since === undefined ? {} : { since }) };
    },
  };
}

/**
 * What a stranger signed is believed for its keys, whoever brings it. What nothing signs is the word of who sends it: it
 * may be of no other tenants than the sender's own. Throws FORBIDDEN_TENANT.
 */
function requireReachOf(
  principal: Principal,
  { fallback = [], routing, tenants, unsigned }: ImportDefinition,
): void {
  if (unsigned !== true) return;
  if (tenants === '*' && routing !== 'fixed') {
    requireAllTenants(principal);
    return;
  }
  const own = tenants === '*' || fallback.length > 0 ? fallback : tenants;
  for (const tenant of own) scopeOf(principal, tenant);
}

/** An admin of all tenants that the owner had; what belongs to none is the provider's. */
function administers(principal: Principal, { tenants }: ImportDefinition): boolean {
  if (!principal.roles.has('admin')) return false;
  const reach = principal.tenants;
  if (reach === '*') return true;
  return tenants !== '*' && tenants.length > 0 && tenants.every((tenant) => reach.includes(tenant));
}
