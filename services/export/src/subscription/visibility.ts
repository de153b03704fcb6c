/** Who finds a subscription, and who may change it. */
import type { Subscription } from '@cadf-pipeline/control-state';
import type { Principal } from '@cadf-pipeline/service-kit';

/** `since`: when the calling key was made, undefined for the bootstrap key; another key of the same id owns nothing. */
export function owns(principal: Principal, since: string | undefined, { owner }: Subscription): boolean {
  return principal.kind === owner.kind && principal.id === owner.id && since === owner.since;
}

/** An admin of all tenants that the owner had; what belongs to none is the provider's. */
export function administers(principal: Principal, { tenants }: Subscription): boolean {
  if (!principal.roles.has('admin')) return false;
  const reach = principal.tenants;
  if (reach === '*') return true;
  return tenants !== '*' && tenants.length > 0 && tenants.every((tenant) => reach.includes(tenant));
}
