/** Who finds a saved query, and who may change or delete it. */
import type { SavedQuery } from '@cadf-pipeline/control-state';
import type { Principal } from '@cadf-pipeline/service-kit';

/**
 * Its owner, as long as that reaches the tenants it had: an id that is given anew, or a key that was taken tenants,
 * inherits nothing.
 */
export function owns(principal: Principal, { owner, tenants }: SavedQuery): boolean {
  return owner.kind === principal.kind && owner.id === principal.id && reaches(principal.tenants, tenants);
}

/** Its owner; of a shared one whoever may query and reaches its tenants; an admin of all of them. */
export function finds(principal: Principal, query: SavedQuery): boolean {
  return owns(principal, query) || isSharedWith(principal, query) || mayDelete(principal, query);
}

/** Its owner, or an admin of all its tenants. */
export function mayDelete(principal: Principal, query: SavedQuery): boolean {
  return owns(principal, query) || (principal.roles.has('admin') && reachesAny(principal, query));
}

function isSharedWith(principal: Principal, query: SavedQuery): boolean {
  return query.sharing === 'tenant' && principal.roles.has('query') && reachesAny(principal, query);
}

/** What was saved without a tenant is not everybody's. */
function reachesAny(principal: Principal, { tenants }: SavedQuery): boolean {
  return (principal.tenants === '*' || tenants.length > 0) && reaches(principal.tenants, tenants);
}

function reaches(own: '*' | readonly string[], tenants: '*' | readonly string[]): boolean {
  return own === '*' || (tenants !== '*' && tenants.every((tenant) => own.includes(tenant)));
}
