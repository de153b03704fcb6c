/** Who finds an import, who may change it, and who may send files to it. */
import { createKeyOwned, MAX_IMPORTS_OF_ONE } from '@cadf-pipeline/control-state';
import type { AdminDeps, ImportDefinition, KeyOwned } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError, requireAllTenants, scopeOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyRequest } from 'fastify';
import { ingestErrors } from '../errors.ts';

export interface ImportAccess extends KeyOwned<'import'> {
  /** Also a key that is bound to the source that is the prefix. Throws IMPORT_NOT_FOUND, FORBIDDEN_TENANT and IMPORT_TAKES_NO_FILES. */
  receiving(request: FastifyRequest<{ Params: { id: string; name?: string } }>): ImportDefinition;
}

export function createImportAccess(deps: AdminDeps): ImportAccess {
  const owned = createKeyOwned(deps, {
    kind: 'import',
    most: MAX_IMPORTS_OF_ONE,
    problems: {
      notFound: ingestErrors.IMPORT_NOT_FOUND,
      notYours: ingestErrors.IMPORT_NOT_YOURS,
      needsKey: ingestErrors.IMPORT_NEEDS_KEY,
      tooMany: ingestErrors.IMPORT_TOO_MANY,
      exists: ingestErrors.IMPORT_EXISTS,
    },
  });
  return {
    ...owned,
    receiving(request) {
      const principal = principalOf(request);
      const entity = deps.state.get('import', request.params.id)?.entity;
      const bound = principal.source !== undefined && principal.source === entity?.prefix;
      if (entity === undefined || !(bound || owned.sees(principal, entity)))
        throw new ProblemError(ingestErrors.IMPORT_NOT_FOUND);
      if (bound && !owned.isOwn(principal, entity)) requireReachOf(principal, entity);
      if (entity.from.type !== 'upload') throw new ProblemError(ingestErrors.IMPORT_TAKES_NO_FILES);
      return entity;
    },
    ownerOf(principal) {
      // A key that is bound to one source submits as no other.
      if (principal.source !== undefined) throw new ProblemError(ingestErrors.IMPORT_NEEDS_KEY);
      return owned.ownerOf(principal);
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
