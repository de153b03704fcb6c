/** Who finds what an API key owns (subscriptions, exports, schedules), and who may change it. */
import { BOOTSTRAP_KEY_ID } from '@cadf-pipeline/control-state';
import type { ControlState, Subscription } from '@cadf-pipeline/control-state';
import type { Principal } from '@cadf-pipeline/service-kit';

type Owned = Pick<Subscription, 'owner' | 'tenants'>;

/** When the calling key was made; undefined for the bootstrap key and for who is no key. */
export function sinceOf(state: Pick<ControlState, 'get'>, { id, kind }: Principal): string | undefined {
  return kind === 'key' ? state.get('key', id)?.entity.created : undefined;
}

/** The owner of what this caller makes; undefined: it is no key, and can own nothing. */
export function ownerOf(
  state: Pick<ControlState, 'get'>,
  principal: Principal,
): Subscription['owner'] | undefined {
  const { id, kind, name } = principal;
  const since = sinceOf(state, principal);
  if (kind !== 'key' || (since === undefined && id !== BOOTSTRAP_KEY_ID)) return undefined;
  return { kind, id, name, ...(since === undefined ? {} : { since }) };
}

/** `since`: when the calling key was made, undefined for the bootstrap key; another key of the same id owns nothing. */
export function owns(
  principal: Principal,
  since: string | undefined,
  { owner }: Pick<Owned, 'owner'>,
): boolean {
  return principal.kind === owner.kind && principal.id === owner.id && since === owner.since;
}

/** An admin of all tenants that the owner had; what belongs to none is the provider's. */
export function administers(principal: Principal, { tenants }: Pick<Owned, 'tenants'>): boolean {
  if (!principal.roles.has('admin')) return false;
  const reach = principal.tenants;
  if (reach === '*') return true;
  return tenants !== '*' && tenants.length > 0 && tenants.every((tenant) => reach.includes(tenant));
}
