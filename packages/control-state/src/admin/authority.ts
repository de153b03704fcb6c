import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';

import { controlErrors } from '../control-errors.ts';
import type { ControlState } from '../control-state.ts';
import type { ApiKey } from '../entities.ts';
import { reachesAll } from '../resolve-source.ts';

/** Tenants, sources and rules decide over all tenants. Throws `FORBIDDEN_BEYOND_OWN`. */
export function requireAllTenants(principal: Principal): void {
  if (principal.tenants !== '*') throw beyond(`Key ${principal.id} does not reach all tenants`);
}

/** Whether a principal may see and end a key: all tenants of the key are its own. A key without tenants is the provider's. */
export function mayTouch(principal: Principal, key: Pick<ApiKey, 'tenants'>): boolean {
  if (principal.tenants === '*') return true;
  return key.tenants !== '*' && reachesAll(principal.tenants, key.tenants);
}

/**
 * Nobody gives more than they have: a key made or changed stays within the roles, the tenants and the source of
 * the principal. Throws `FORBIDDEN_BEYOND_OWN`.
 */
export function requireWithinOwn(
  state: ControlState,
  principal: Principal,
  key: Pick<ApiKey, 'roles' | 'tenants' | 'source'>,
): void {
  const role = key.roles.find((name) => !principal.roles.has(name));
  if (role !== undefined) throw beyond(`Key ${principal.id} has not the role ${role} itself`);
  if (!mayTouch(principal, key))
    throw beyond(`Key ${principal.id} does not reach all tenants of the other key`);
  if (principal.source !== undefined && key.source !== principal.source) {
    throw beyond(`Key ${principal.id} is bound to source ${principal.source}`);
  }
  if (principal.tenants === '*' || key.source === undefined || key.source === principal.source) return;
  // A tenant must not speak as a source of the provider or of another tenant.
  if (!reachesAll(principal.tenants, state.get('source', key.source)?.entity.tenants)) {
    throw beyond(`Key ${principal.id} does not reach all tenants of source ${key.source}`);
  }
}

function beyond(detail: string): ProblemError {
  return new ProblemError(controlErrors.FORBIDDEN_BEYOND_OWN, { detail });
}
