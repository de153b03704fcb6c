/** What an import may bring in: what its owner may submit now, not when it was made. */
import { BOOTSTRAP_KEY_ID } from '@cadf-pipeline/control-state';
import type { ControlState, ImportDefinition } from '@cadf-pipeline/control-state';

/** Whose events it brings. */
export interface ImportReach {
  /** As of a key that submits: `*`, or the tenants of all its events. */
  readonly tenants: '*' | readonly string[];
  /** Tenants of events for which no rule finds one. */
  readonly fallback: readonly string[];
  /** Who may see dead letters; none: the provider. */
  readonly letterTenants: readonly string[];
}

/** Why nothing may be brought, a sentence for the owner, or what may. `now`: milliseconds since 1970 UTC. */
export function reachOf(
  state: Pick<ControlState, 'get'>,
  { fallback = [], owner, routing }: ImportDefinition,
  now: number,
): ImportReach | string {
  const tenants = owner.id === BOOTSTRAP_KEY_ID ? '*' : tenantsOfKey(state, owner, now);
  if (tenants === undefined)
    return 'The API key of its owner is gone, revoked or expired, or has neither of the roles `submit` and `admin` any more: give it back what it had, or make the import anew with another key.';
  if (tenants === '*') {
    if (routing !== 'fixed') return { tenants, fallback, letterTenants: [] };
    return { tenants: fallback, fallback: [], letterTenants: fallback };
  }
  const own = fallback.length > 0 ? fallback : tenants;
  const beyond = own.find((tenant) => !tenants.includes(tenant));
  if (beyond !== undefined)
    return `The API key of its owner does not reach the tenant ${beyond} of the import: give the tenant to the key again.`;
  return { tenants: own, fallback: [], letterTenants: own };
}

/** Undefined where the key is gone, revoked, expired, another one of the same id, or may not submit. */
function tenantsOfKey(
  state: Pick<ControlState, 'get'>,
  { id, since }: ImportDefinition['owner'],
  now: number,
): '*' | readonly string[] | undefined {
  const key = state.get('key', id)?.entity;
  if (key === undefined || key.created !== since || key.revoked !== undefined) return undefined;
  // An expiry that is no date counts as expired, as it does for who calls.
  if (key.expires !== undefined && !(Date.parse(key.expires) > now)) return undefined;
  return key.roles.includes('submit') || key.roles.includes('admin') ? key.tenants : undefined;
}
